import CTokenCurl

/// Sets options of one handle and remembers the first that libcurl did not take.
struct CurlOptions: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private(set) var failure: CURLcode?

    init(_ handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(token_curl_set_long(handle, option, value))
    }

    mutating func set(_ option: CURLoption, offset: Int) {
        note(token_curl_set_offset(handle, option, curl_off_t(offset)))
    }

    mutating func set(_ option: CURLoption, _ text: String?) {
        note(token_curl_set_text(handle, option, text))
    }

    mutating func set(_ option: CURLoption, bytes: String) {
        var text = bytes
        note(text.withUTF8 { token_curl_set_bytes(handle, option, $0.baseAddress, $0.count) })
    }

    mutating func set(_ option: CURLoption, pointer: UnsafeMutableRawPointer?) {
        note(token_curl_set_pointer(handle, option, pointer))
    }

    mutating func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        note(token_curl_set_list(handle, option, list))
    }

    mutating func set(_ option: CURLoption, receiver: @escaping curl_write_callback) {
        note(token_curl_set_receiver(handle, option, receiver))
    }

    mutating func setTLSSetup(_ callback: @escaping curl_ssl_ctx_callback) {
        note(token_curl_set_tls_setup(handle, callback))
    }

    /// No scheme but `http` and `https`, and no wait for a name's look-up when the handle is given up.
    mutating func restrict() {
        note(token_curl_allow_http_only(handle))
        note(token_curl_leave_lookups(handle))
    }
}
