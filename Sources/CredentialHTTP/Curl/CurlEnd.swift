import CTokenCurl
import TokenCredentials

/// How libcurl ended an exchange, in our words.
///
/// None of them quotes an address, a proxy or what the server sent.
struct CurlEnd {
    let code: CURLcode
    let handle: UnsafeMutableRawPointer
    let errorText: UnsafeMutableBufferPointer<CChar>
    let usesProxy: Bool
    let excess: ReceivedReply.Excess?
    let bodyLimit: Int

    /// Why there is no reply; `nil` if there is one.
    var error: HTTPTransportError? {
        switch excess {
        case .headers: return .brokenReply("its headers are longer than \(ReceivedReply.headerLimit) bytes")
        case .body: return .bodyTooLarge(limit: bodyLimit)
        case nil: break
        }
        switch code {
        case CURLE_OK:
            return nil
        case CURLE_FILESIZE_EXCEEDED:
            return .bodyTooLarge(limit: bodyLimit)
        case CURLE_OPERATION_TIMEDOUT:
            return timeout
        case CURLE_URL_MALFORMAT:
            return .invalidRequest("its address is not understood")
        case CURLE_COULDNT_RESOLVE_HOST:
            return .unknownHost
        case CURLE_COULDNT_RESOLVE_PROXY:
            return .proxy("its name does not resolve")
        case CURLE_PROXY:
            return .proxy("it did not do what it was asked for")
        case CURLE_COULDNT_CONNECT:
            return usesProxy ? .proxy(connectFailure) : .unreachable(connectFailure)
        case CURLE_SSL_CONNECT_ERROR:
            // The network and not the parties ended the handshake: that is worth another try.
            return isCutOff ? .unreachable("the connection ended during the TLS handshake") : .tls(libraryText)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_NOTFOUND,
            CURLE_SSL_ENGINE_SETFAILED, CURLE_ABORTED_BY_CALLBACK:
            return .tls(libraryText)
        default:
            return refusedTunnel ?? .brokenReply(brokenText)
        }
    }

    /// A connection counts as made when the request could have been sent over it.
    private var timeout: HTTPTransportError {
        if token_curl_offset(handle, CURLINFO_PRETRANSFER_TIME_T) > 0 { return .timeout }
        if usesProxy, token_curl_offset(handle, CURLINFO_CONNECT_TIME_T) == 0 {
            return .proxy("it did not take the connection in time")
        }
        return .connectTimeout
    }

    private var connectFailure: String {
        let number = token_curl_long(handle, CURLINFO_OS_ERRNO)
        return number == 0 ? "no connection could be made" : SystemError.text(of: Int32(truncatingIfNeeded: number))
    }

    /// A proxy's answer to `CONNECT` that was not a tunnel.
    private var refusedTunnel: HTTPTransportError? {
        let status = token_curl_long(handle, CURLINFO_HTTP_CONNECTCODE)
        guard usesProxy, status != 0, !(200...299).contains(status) else { return nil }
        switch status {
        case 407: return .proxyDenied("it demands a user name and password (HTTP 407)")
        // Too slow, or too much at once: that passes.
        case 408, 429, 500...: return .proxy("it answered HTTP \(status)")
        default: return .proxyDenied("it answered HTTP \(status)")
        }
    }

    private var isCutOff: Bool {
        ["SSL_ERROR_SYSCALL", "Connection reset", "unexpected eof", "Broken pipe"].contains { libraryText.contains($0) }
    }

    /// What libcurl and OpenSSL say about certificates: names, reasons and paths, nothing of the request.
    private var libraryText: String {
        let text = String(decoding: errorText.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let line = text.split(whereSeparator: \.isNewline).joined(separator: ", ")
        guard !line.isEmpty else { return String(cString: curl_easy_strerror(code)) }
        return line.contains("error:") ? "the handshake failed (\(line))" : line
    }

    private var brokenText: String {
        switch code {
        case CURLE_GOT_NOTHING: "the connection was closed without a reply"
        case CURLE_PARTIAL_FILE: "the reply ended before it was whole"
        case CURLE_RECV_ERROR: "the connection was lost while the reply came"
        case CURLE_SEND_ERROR: "the connection was lost while the request was sent"
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: "what came is not a reply in HTTP/1"
        default: String(cString: curl_easy_strerror(code))
        }
    }
}
