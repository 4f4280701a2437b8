import CTokenCurl
import Glibc

/// One request under way: a handle of libcurl and all the memory it points to.
///
/// Lives on the worker's thread alone.
final class CurlExchange {
    let reply: PendingReply
    let handle: UnsafeMutableRawPointer
    private let checked: CheckedRequest
    private var received: ReceivedReply
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let errorText: UnsafeMutableBufferPointer<CChar>
    private let body: UnsafeMutableBufferPointer<UInt8>
    private let pin: CertificatePin?

    /// Makes the handle.
    ///
    /// `nil` if there is no memory for it.
    init?(_ checked: CheckedRequest, reply: PendingReply) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.checked = checked
        self.reply = reply
        received = ReceivedReply(bodyLimit: checked.request.bodyLimit)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0)
        let bytes = checked.request.body ?? []
        body = .allocate(capacity: max(1, bytes.count))
        body.initialize(repeating: 0)
        _ = body.update(fromContentsOf: bytes)
        if case .pinned(let sha1) = checked.trust { pin = CertificatePin(sha1: sha1) } else { pin = nil }
    }

    deinit {
        curl_easy_cleanup(handle)
        for list in lists { curl_slist_free_all(list) }
        // A form may hold a secret or an assertion.
        if let start = body.baseAddress { explicit_bzero(start, body.count) }
        body.deallocate()
        errorText.deallocate()
    }

    /// Tells libcurl everything about the request.
    ///
    /// Returns what it did not take, if anything.
    func prepare() -> HTTPTransportError? {
        var options = CurlOptions(handle)
        options.restrict()
        setAddress(&options)
        setMessage(&options)
        setTrust(&options)
        setLimits(&options)
        setReceivers(&options)
        guard let failure = options.failure else { return nil }
        return .invalidRequest("libcurl did not take an option: \(String(cString: curl_easy_strerror(failure)))")
    }

    private func setAddress(_ options: inout CurlOptions) {
        let (endpoint, request) = (checked.endpoint, checked.request)
        options.set(CURLOPT_URL, endpoint.url(host: request.serverName))
        if let name = request.serverName {
            // libcurl asks for and verifies the name in the address, so that one changes places; this keeps the way.
            let way = "\(name):\(endpoint.port):\(endpoint.bracketedHost):\(endpoint.port)"
            options.set(CURLOPT_CONNECT_TO, list: list([way]))
        }
        options.set(CURLOPT_PATH_AS_IS, 1)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // Both are given even if empty: libcurl would look into the environment for what it is not given.
        if case .through(let proxy) = checked.route {
            options.set(CURLOPT_PROXY, proxy)
        } else {
            options.set(CURLOPT_PROXY, "")
        }
        options.set(CURLOPT_NOPROXY, "")
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    }

    private func setMessage(_ options: inout CurlOptions) {
        let request = checked.request
        options.set(CURLOPT_USERAGENT, UserAgent.text)
        // The name stands for the connection; the message is for the host the caller named.
        var lines = ["Host: \(checked.endpoint.authority)"]
        // A name alone takes back a header that libcurl would add.
        lines += ["Accept", "Content-Type", "Expect"]
            .filter { name in !request.headers.contains { $0.name.lowercased() == name.lowercased() } }
            .map { "\($0):" }
        // A semicolon in the colon's place is how libcurl is told to send an empty value.
        lines += request.headers.map { header in
            header.value.allSatisfy(\.isWhitespace) ? "\(header.name);" : "\(header.name): \(header.value)"
        }
        options.set(CURLOPT_HTTPHEADER, list: list(lines))
        options.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        switch request.method {
        case .get:
            options.set(CURLOPT_HTTPGET, 1)
        case .post:
            options.set(CURLOPT_POST, 1)
            options.set(CURLOPT_POSTFIELDS, pointer: body.baseAddress)
            options.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: request.body?.count ?? 0)
        }
    }

    private func setTrust(_ options: inout CurlOptions) {
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        options.set(CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        switch checked.trust {
        case .builtIn:
            break
        case .places(let file, let directory):
            options.set(CURLOPT_CAINFO, file)
            options.set(CURLOPT_CAPATH, directory)
            options.set(CURLOPT_PROXY_CAINFO, file)
            options.set(CURLOPT_PROXY_CAPATH, directory)
        case .authorities(let pem):
            options.set(CURLOPT_CAINFO, nil)
            options.set(CURLOPT_CAPATH, nil)
            options.set(CURLOPT_CAINFO_BLOB, bytes: pem)
        case .pinned:
            options.set(CURLOPT_SSL_VERIFYPEER, 0)
            options.set(CURLOPT_SSL_VERIFYHOST, 0)
            options.setTLSSetup(CertificatePin.install)
            options.set(CURLOPT_SSL_CTX_DATA, pointer: pin.map { Unmanaged.passUnretained($0).toOpaque() })
            // libcurl does not know the pin: it must not lend this connection or its session to another one.
            options.set(CURLOPT_FRESH_CONNECT, 1)
            options.set(CURLOPT_FORBID_REUSE, 1)
            options.set(CURLOPT_SSL_SESSIONID_CACHE, 0)
        }
    }

    private func setLimits(_ options: inout CurlOptions) {
        let request = checked.request
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_TIMEOUT_MS, request.timeout.inWholeMilliseconds)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, min(request.connectTimeout, request.timeout).inWholeMilliseconds)
        // Zero would mean any length; the count on arrival stands for it then.
        options.set(CURLOPT_MAXFILESIZE_LARGE, offset: request.bodyLimit)
    }

    private func setReceivers(_ options: inout CurlOptions) {
        let this = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_ERRORBUFFER, pointer: errorText.baseAddress)
        options.set(CURLOPT_HEADERDATA, pointer: this)
        options.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, this in
            CurlExchange.pass(bytes, size * count, to: this) { $0.received.takeHeader($1) }
        }
        options.set(CURLOPT_WRITEDATA, pointer: this)
        options.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, this in
            CurlExchange.pass(bytes, size * count, to: this) { $0.received.takeBody($1) }
        }
    }

    /// Hands bytes from libcurl on.
    ///
    /// Returns what libcurl expects: how many were taken, all of them or none.
    private static func pass(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int, to exchange: UnsafeMutableRawPointer?,
        _ take: (CurlExchange, UnsafeRawBufferPointer) -> Bool
    ) -> Int {
        guard let exchange, count > 0 else { return 0 }
        let object = Unmanaged<CurlExchange>.fromOpaque(exchange).takeUnretainedValue()
        return take(object, UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
    }

    /// The end of the exchange as the caller sees it.
    func outcome(_ code: CURLcode) -> PendingReply.Outcome {
        let end = CurlEnd(
            code: code, handle: handle, errorText: errorText, usesProxy: checked.route != .direct,
            excess: received.excess, bodyLimit: checked.request.bodyLimit)
        if let error = end.error { return .failure(error) }
        let status = token_curl_long(handle, CURLINFO_RESPONSE_CODE)
        return .success(HTTPResponse(status: status, headers: received.headers, body: received.body))
    }

    private func list(_ lines: [String]) -> UnsafeMutablePointer<curl_slist>? {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { break }
            list = longer
        }
        if let list { lists.append(list) }
        return list
    }
}

extension Duration {
    /// Milliseconds, at least one: libcurl takes zero for no limit.
    fileprivate var inWholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 1_000_000 else { return 1_000_000_000 }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
