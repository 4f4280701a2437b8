/// A message from an LDAP client (RFC 4511), as far as a server needs to understand it who only checks passwords.
enum LDAPRequest: Equatable {
    /// Simple bind: a name and a password.
    case bind(messageID: Int32, version: Int32, name: [UInt8], password: [UInt8])
    /// A bind by other means than a password.
    case otherBind(messageID: Int32)
    /// The client is done.
    case unbind
    /// Anything else.
    case other

    /// Reads one whole message; `nil` if it is malformed.
    init?(_ message: ArraySlice<UInt8>) {
        var outer = BERReader(message)
        guard let contents = outer.next(0x30), outer.isAtEnd else { return nil }
        var fields = BERReader(contents)
        guard let identifier = fields.next(0x02).flatMap(BERReader.number), let operation = fields.next() else {
            return nil
        }
        // Controls may follow; none is known here, and an unknown one that is not critical is passed over.
        if !fields.isAtEnd, fields.next(0xA0) == nil || !fields.isAtEnd { return nil }
        switch operation.tag {
        case 0x42: self = .unbind
        case 0x60:
            var bind = BERReader(operation.contents)
            guard let version = bind.next(0x02).flatMap(BERReader.number), let name = bind.next(0x04),
                let choice = bind.next(), bind.isAtEnd
            else { return nil }
            guard choice.tag == 0x80 else {
                self = .otherBind(messageID: identifier)
                return
            }
            self = .bind(
                messageID: identifier, version: version, name: Array(name), password: Array(choice.contents))
        default: self = .other
        }
    }
}
