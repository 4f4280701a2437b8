/// Whose host a line of a report names: the same words about another host are another failure.
package enum NamedHost: CaseIterable, Sendable {
    /// A database server's.
    case database
    /// One of Entra's, or of the directory's.
    case entra
    /// The endpoint of managed identities.
    case identityEndpoint

    /// What the names and addresses hold, in small letters.
    var marks: [[UInt8]] { Self.marks[self] ?? [] }

    private static let marks: [NamedHost: [[UInt8]]] = [
        .database: [".postgres.", "port 5432", "port 6432", ":5432", ":6432"],
        .entra: [
            "login.microsoftonline", "login.partner.microsoftonline", "login.microsoft.com", "login.windows.net",
            "login.chinacloudapi.cn", "sts.windows.net", "graph.microsoft", "microsoftgraph.chinacloudapi.cn",
        ],
        .identityEndpoint: ["169.254.169.254"],
    ].mapValues { $0.map { Array($0.utf8) } }
}

extension ReportText {
    /// How far from a place the host is looked for, in bytes.
    private static let reach = 400

    /// Whose host the line of a place names: the last that begins before its end, else the first after it.
    func namedHost(at place: Range<Int>) -> NamedHost? {
        let start = line(before: place.lowerBound, upTo: Self.reach)
        let end = lineEnd(from: place.upperBound)
        var before: (place: Int, host: NamedHost)?
        var after: (place: Int, host: NamedHost)?
        for host in NamedHost.allCases {
            for mark in host.marks {
                if let found = last(mark, in: start..<place.upperBound), found > before?.place ?? -1 {
                    before = (found, host)
                }
                if let found = first(mark, in: place.upperBound..<end), found < after?.place ?? .max {
                    after = (found, host)
                }
            }
        }
        return (before ?? after)?.host
    }
}
