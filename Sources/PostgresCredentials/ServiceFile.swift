import FoundationEssentials
import TokenCredentials

/// Why a connection service did not serve.
///
/// Names file, line and service, and never quotes a line.
public struct ServiceFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    @nonexhaustive
    public enum Reason: Hashable, Sendable {
        /// The file that `PGSERVICEFILE` names is not there.
        case missing
        /// No file has a section of that name.
        case noSuchService
        /// A line of more than 1,021 bytes, which libpq refuses.
        case lineTooLong
        /// A line that is not `keyword=value`, or whose keyword libpq does not know.
        case syntax
        /// A service that refers to another.
        case nestedService
        /// A line that asks an LDAP server, which this package does not do.
        case ldap
    }

    /// The file, where one was found.
    public let file: String?
    /// The line, counted from 1.
    public let line: Int?
    /// The service that was asked for.
    public let service: String
    /// What is wrong.
    public let reason: Reason

    /// One sentence with file, line and reason.
    public var description: String {
        let place = "the service file" + (file.map { " \($0)" } ?? "") + (line.map { ", line \($0)" } ?? "")
        return switch reason {
        case .missing: "\(place) named by PGSERVICEFILE is not there"
        case .noSuchService: "no service file defines the service \(quoted(service))"
        case .lineTooLong: "\(place), is longer than the 1021 bytes libpq can read"
        case .syntax: "\(place), is not a known keyword, = and a value, without a blank before the ="
        case .nestedService: "\(place), refers to another service, which libpq does not follow"
        case .ldap: "\(place), asks an LDAP server, which is not supported here"
        }
    }
}

/// One connection service file, read as libpq reads it.
struct ServiceFile {
    private static let longestLine = 1021
    private let path: String
    private let contents: Data

    init(_ path: String, contents: Data) {
        self.path = path
        self.contents = contents
    }

    /// The settings of a service, the first of each name; `nil` if there is no such section.
    func settings(of service: String) throws(ServiceFileError) -> [String: String]? {
        var settings: [String: String]?
        var lines = contents.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
        let isLastComplete = lines.last?.isEmpty ?? true
        if isLastComplete, !lines.isEmpty { lines.removeLast() }
        for (index, raw) in lines.enumerated() {
            // The buffer also holds the line's end, which the last line may lack.
            let limit = Self.longestLine + (index == lines.count - 1 && !isLastComplete ? 1 : 0)
            guard raw.count <= limit else { throw fault(.lineTooLong, index, service) }
            let line = Self.trimmed(raw)
            guard let first = line.first, first != UInt8(ascii: "#") else { continue }
            if first == UInt8(ascii: "[") {
                if let settings { return settings }
                if line.dropFirst().starts(with: Array(service.utf8) + [UInt8(ascii: "]")]) { settings = [:] }
            } else if settings != nil {
                let (keyword, value) = try setting(line, index, service)
                if settings?[keyword] == nil { settings?[keyword] = value }
            }
        }
        return settings
    }

    private func setting(
        _ line: [UInt8], _ index: Int, _ service: String
    ) throws(ServiceFileError) -> (String, String) {
        if line.starts(with: "ldap".utf8) { throw fault(.ldap, index, service) }
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")), !line.contains(0),
            let keyword = String(validating: line[..<equals], as: UTF8.self),
            let value = String(validating: line[(equals + 1)...], as: UTF8.self)
        else { throw fault(.syntax, index, service) }
        if keyword == "service" { throw fault(.nestedService, index, service) }
        guard ConnectionKeyword.named(keyword) != nil else { throw fault(.syntax, index, service) }
        return (keyword, value)
    }

    private func fault(
        _ reason: ServiceFileError.Reason, _ index: Int, _ service: String
    ) -> ServiceFileError {
        ServiceFileError(file: path, line: index + 1, service: service, reason: reason)
    }

    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        guard let first = line.firstIndex(where: { !isSpace($0) }), let last = line.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return Array(line[first...last])
    }
}
