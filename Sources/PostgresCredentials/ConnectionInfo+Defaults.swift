import FoundationEssentials
public import TokenCredentials

extension ConnectionInfo {
    private static let serviceFileLimit = 1 << 20
    private static let systemServiceDirectory = "/etc/postgresql-common"

    /// The parameters libpq would use here: what is said, then the service file, then variables, then its defaults.
    ///
    /// Of the defaults, the port (5432), the user (the operating system's) and the database (the user's name) are
    /// filled in; ``origin(of:)`` tells them apart. A host that nobody named stays so, and means the default socket.
    /// The result no longer refers to the service, whose settings it holds. Variables count as libpq counts them: an
    /// empty one is set. Throws ``ServiceFileError``, or `FileError` where the service file cannot be read.
    public func resolved(
        in environment: ProcessEnvironment, files: any FileAccess = LocalFiles()
    ) throws -> ConnectionInfo {
        try resolved(in: environment, files: files, account: .current)
    }

    func resolved(
        in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount
    ) throws -> ConnectionInfo {
        var result = self
        let variables = environment.dictionary
        if let service = self["service"] ?? variables["PGSERVICE"] {
            let settings = try Self.settings(of: service, in: environment, files: files, account: account)
            for (keyword, value) in settings { try result.setUnlessSaid(value, for: keyword, origin: .service) }
            result.values["service"] = nil
        }
        for keyword in ConnectionKeyword.all where keyword.name != "service" {
            guard let variable = keyword.variable, let value = variables[variable] else { continue }
            try result.setUnlessSaid(value, for: keyword.name, origin: .environment)
        }
        if variables["PGREQUIRESSL"]?.utf8.first == UInt8(ascii: "1") {
            try result.setUnlessSaid("require", for: "sslmode", origin: .environment)
        }
        result.fillInDefaults(account)
        result.isResolved = true
        return result
    }

    private mutating func setUnlessSaid(
        _ value: String, for keyword: String, origin: Origin
    ) throws(ConnectionInfoError) {
        if values[keyword] == nil { try set(value, for: keyword, origin: origin) }
    }

    /// An empty user or database says nothing; an empty port stays, since it stands for as many as there are hosts.
    private mutating func fillInDefaults(_ account: SystemAccount) {
        if values["port"] == nil { values["port"] = Value(text: "5432", origin: .builtIn) }
        if !isSaid("user") { values["user"] = account.name.map { Value(text: $0, origin: .builtIn) } }
        fillInDatabase()
    }

    /// Gives a database that nobody named the name of the user, as libpq does when it connects.
    mutating func fillInDatabase() {
        if !isSaid("dbname") { values["dbname"] = user.map { Value(text: $0, origin: .builtIn) } }
    }

    private static func settings(
        of service: String, in environment: ProcessEnvironment, files: any FileAccess, account: SystemAccount
    ) throws -> [String: String] {
        let variables = environment.dictionary
        if let path = variables["PGSERVICEFILE"] {
            guard let contents = try files.contents(ofFile: path, limit: serviceFileLimit) else {
                throw ServiceFileError(file: path, line: nil, service: service, reason: .missing)
            }
            if let settings = try ServiceFile(path, contents: contents).settings(of: service) { return settings }
        } else if let home = account.home(in: environment) {
            let path = home + "/.pg_service.conf"
            if let contents = try files.contents(ofFile: path, limit: serviceFileLimit),
                let settings = try ServiceFile(path, contents: contents).settings(of: service)
            {
                return settings
            }
        }
        let path = (variables["PGSYSCONFDIR"] ?? systemServiceDirectory) + "/pg_service.conf"
        if let contents = try files.contents(ofFile: path, limit: serviceFileLimit),
            let settings = try ServiceFile(path, contents: contents).settings(of: service)
        {
            return settings
        }
        throw ServiceFileError(file: nil, line: nil, service: service, reason: .noSuchService)
    }
}
