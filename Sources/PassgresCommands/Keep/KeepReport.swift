import FoundationEssentials
import Glibc
import PasswordKeeping
import TokenCredentials

/// Says how the destinations of all keepers that run here fare.
struct KeepReport {
    private let format: ReportFormat
    private let trust: FileTrust

    init(_ format: ReportFormat, trusting trust: FileTrust) {
        self.format = format
        self.trust = trust
    }

    /// Prints; ends with status 1 where no keeper runs, one does not answer, or a destination is not fresh.
    func run() throws {
        var rows: [JSONValue] = []
        var isAnybodyThere = false
        var silent: [String] = []
        for path in try StatusSocket.all(in: .current, trusting: trust) {
            guard let (_, body) = StatusQuery.document("/status", at: .socket(path: path)),
                let document = try? JSONDecoder().decode(JSONValue.self, from: body),
                case .array(let destinations)? = document["destinations"]
            else {
                let process = StatusSocket.process(of: path)
                if !StatusQuery.isAbandoned(.socket(path: path)) {
                    silent.append("\(process)")
                } else if kill(process, 0) != 0, errno == ESRCH {
                    // Its keeper was killed: nobody will listen there again.
                    unlink(path)
                }
                continue
            }
            isAnybodyThere = true
            rows += destinations
        }
        switch format {
        case .json: try printJSON(.object(["destinations": .array(rows)]))
        case .text: for row in rows { Terminal.standardOutput.write(Self.line(row).onOneLine + "\n") }
        }
        guard silent.isEmpty else {
            throw CommandFailure(
                .faultFound,
                "a keeper does not answer (process \(silent.joined(separator: ", "))): it is stopped, or hangs")
        }
        guard isAnybodyThere else { throw CommandFailure(.faultFound, "no keeper of this user is running") }
        let isFine = rows.allSatisfy { $0["outcome"]?.text == "fresh" }
        guard isFine else { throw CommandFailure(.faultFound, "not every destination is fresh") }
    }

    private static func line(_ row: JSONValue) -> String {
        var line = "\((row["outcome"]?.text ?? "").padded(to: 8)) \(row["path"]?.text ?? "")"
        if let end = row["expiresOn"]?.text { line += "  until \(end)" }
        if let error = row["lastError"]?.text { line += "  \(error)" }
        return line
    }
}
