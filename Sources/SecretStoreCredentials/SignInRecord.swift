import FoundationEssentials
import TokenCredentials

/// Which profiles' sign-ins this package has kept in the secret service, one to a line of a file beside the file of secrets.
///
/// Asked only where the service is locked and does not show what it holds: by it a service that keeps a person's sign-in is
/// told from one that nobody ever kept a sign-in in. Nothing in it is secret.
struct SignInRecord: Sendable {
    private static let limit = 65_536
    private let path: String
    private let files: any FileAccess

    /// Takes `passgres/sign-ins-in-secret-service` in the directory for state; `nil` if there is none.
    init?(environment: ProcessEnvironment, files: any FileAccess = LocalFiles()) {
        guard let directory = FileSecretStore.directory(environment) else { return nil }
        path = "\(directory)/sign-ins-in-secret-service"
        self.files = files
    }

    /// Whether a sign-in of that profile was kept and not forgotten since; so it is where the record cannot be read.
    func contains(_ profile: String) -> Bool {
        do throws(FileError) {
            return Self.profiles(try files.contents(ofFile: path, limit: Self.limit)).contains(profile)
        } catch {
            return true
        }
    }

    /// Adds a profile, if it is not there.
    ///
    /// Throws where the file cannot be written.
    func add(_ profile: String) throws {
        if let contents = try? files.contents(ofFile: path, limit: Self.limit),
            Self.profiles(contents).contains(profile)
        {
            return
        }
        if let slash = path.lastIndex(of: "/") {
            try Protection.makeDirectory(String(path[..<slash]), forbidding: 0o022)
        }
        try change { $0.insert(profile) }
    }

    /// Removes every profile.
    ///
    /// Throws where the file cannot be written.
    func removeAll() throws {
        try change { $0 = [] }
    }

    /// Removes a profile.
    ///
    /// Throws where the file cannot be written.
    func remove(_ profile: String) throws {
        try change { $0.remove(profile) }
    }

    private func change(_ body: (inout Set<String>) -> Void) throws {
        try files.replaceFile(at: path, limit: Self.limit) { contents in
            let before = Self.profiles(contents)
            var profiles = before
            body(&profiles)
            return profiles == before ? nil : Data(profiles.sorted().map { "\($0)\n" }.joined().utf8)
        }
    }

    private static func profiles(_ contents: Data?) -> Set<String> {
        Set(String(decoding: contents ?? Data(), as: UTF8.self).split(separator: "\n").map(String.init))
    }
}
