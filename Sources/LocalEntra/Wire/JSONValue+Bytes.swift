import FoundationEssentials
import TokenCredentials

extension JSONValue {
    /// The value as JSON, members sorted by name.
    var bytes: Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Nothing in a JSON value of ours is beyond JSON, infinite numbers apart; those never leave here.
        return (try? encoder.encode(self)) ?? Data("null".utf8)
    }

    /// A whole number.
    static func whole(_ value: Int) -> JSONValue { .number(Double(value)) }

    /// A list of texts.
    static func texts(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

    /// The texts in a list, or the one text.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .array(let values): values.compactMap(\.text)
        default: []
        }
    }

    /// The number, if this is one.
    var seconds: Double? {
        guard case .number(let value) = self, value.isFinite else { return nil }
        return value
    }
}

extension JSONValue {
    /// Reads JSON; `nil` if it is none.
    init?(parsing bytes: Data) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: bytes) else { return nil }
        self = value
    }
}
