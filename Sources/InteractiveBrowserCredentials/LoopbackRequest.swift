import TokenCredentials

/// One request that a browser makes to the loopback address, as far as a sign-in needs it.
struct LoopbackRequest: Hashable, Sendable {
    /// How far the bytes received so far go.
    enum Reading: Hashable, Sendable {
        /// More has to come.
        case incomplete
        /// A whole request.
        case request(LoopbackRequest)
        /// Nothing that is served; with the answer it gets.
        case refused(LoopbackPage)
    }

    /// The longest head accepted, in bytes.
    static let headLimit = 8192
    /// The longest form accepted, in bytes.
    static let bodyLimit = 16_384

    /// The parameters, of the query or of the form, decoded, in order.
    let parameters: [Parameter]

    /// A name and its value.
    struct Parameter: Hashable, Sendable {
        let name: String
        let value: String
    }

    /// The value of a parameter that stands there once; `nil` if it is missing or stands there twice.
    subscript(_ name: String) -> String? {
        let found = parameters.filter { $0.name == name }
        return found.count == 1 ? found[0].value : nil
    }

    /// Reads what has been received so far on a port.
    ///
    /// A page of somebody else's that had its own name lead to the loopback address would name itself in `Host`.
    static func read(_ bytes: [UInt8], port: UInt16) -> Reading {
        guard let end = endOfHead(bytes) else {
            return bytes.count > headLimit ? .refused(.headTooLong) : .incomplete
        }
        guard end <= headLimit else { return .refused(.headTooLong) }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: true)
        let words = (lines.first ?? "").split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", words[1].first == "/",
            words[1].utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return .refused(.malformed) }
        guard isOurs(lines.dropFirst(), port) else { return .refused(.foreign) }
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard words[0] == "GET" || words[0] == "POST" else { return .refused(.otherMethod) }
        guard target[0] == "/" else { return .refused(.otherPath) }
        if words[0] == "GET" { return request(target.count == 2 ? Array(target[1].utf8)[...] : []) }
        switch body(lines.dropFirst()) {
        case .failure(let page): return .refused(page)
        case .success(let length):
            guard bytes.count - end >= length else { return .incomplete }
            return request(bytes[end..<(end + length)])
        }
    }

    private static func request(_ form: ArraySlice<UInt8>) -> Reading {
        var parameters: [Parameter] = []
        for field in form.split(separator: UInt8(ascii: "&")) {
            let parts = field.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = parts.count == 2 ? decoded(parts[1]) : "" else {
                return .refused(.malformed)
            }
            parameters.append(Parameter(name: name, value: value))
        }
        return .request(LoopbackRequest(parameters: parameters))
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= mark.count else { return nil }
        return (0...(bytes.count - mark.count)).first { bytes[$0] == 13 && Array(bytes[$0..<($0 + 4)]) == mark }
            .map { $0 + mark.count }
    }

    /// Whether a request is for the loopback address by one of its names, as far as it says.
    private static func isOurs(_ headers: some Sequence<Substring>, _ port: UInt16) -> Bool {
        let hosts = headers.compactMap { header -> Substring? in
            let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && parts[0].lowercased() == "host" ? parts[1] : nil
        }
        let names = ["localhost", "127.0.0.1", "[::1]"].map { "\($0):\(port)" }
        // Every browser sends it; who sends none is no browser, and has to know the state as well.
        return hosts.count < 2 && hosts.allSatisfy { names.contains(String($0).trimmed.lowercased()) }
    }

    private static func body(_ headers: some Sequence<Substring>) -> Result<Int, LoopbackPage> {
        var lengths: [Substring] = []
        var isForm = false
        for header in headers {
            let parts = header.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { return .failure(.malformed) }
            let value = parts[1].drop { $0 == " " || $0 == "\t" }
            switch parts[0].lowercased() {
            case "content-length": lengths.append(value)
            case "transfer-encoding": return .failure(.noLength)
            case "content-type": isForm = value.lowercased().hasPrefix("application/x-www-form-urlencoded")
            default: break
            }
        }
        guard lengths.count == 1, let text = lengths.first, !text.isEmpty,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return .failure(lengths.isEmpty ? .noLength : .malformed) }
        guard let length = Int(text), length <= bodyLimit else { return .failure(.bodyTooLong) }
        return isForm ? .success(length) : .failure(.otherType)
    }

    /// Undoes the encoding of a form; `nil` for a percent sign that two digits do not follow, and for bytes that are no
    /// UTF-8.
    private static func decoded(_ text: ArraySlice<UInt8>) -> String? {
        func digit(_ byte: UInt8) -> UInt8? { Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) } }
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension LoopbackRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The parameters' names alone: one of the values is the code.
    var description: String { "LoopbackRequest(\(parameters.map { quoted($0.name) }.joined(separator: ", ")))" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

extension LoopbackRequest.Parameter: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { quoted(name) }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
