import Glibc

/// The private directory of a user for what lasts no longer than the machine runs: sockets, password files, tokens.
///
/// Named for the user in `XDG_RUNTIME_DIR`, else in `TMPDIR`, else in `/tmp`: the first of them that nobody else can
/// change the way to and that takes a directory. What somebody else has made there under our name is not used; another
/// name is.
package enum RuntimeDirectory {
    /// Why there is no such directory; one sentence, lower-case and without a full stop.
    package struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// Returns the directory; makes it if it is missing.
    ///
    /// Throws what stood in the way in each place.
    package static func make(
        in environment: ProcessEnvironment, trusting trust: FileTrust = FileTrust()
    ) throws(Refusal) -> String {
        var reasons: [String] = []
        for (variable, base) in bases(in: environment) {
            do throws(Protection.Exposure) {
                try check(base, trust)
                return try make(in: base)
            } catch {
                reasons.append("\(variable.map { "\($0) (\(base))" } ?? base) \(error.words)")
            }
        }
        throw Refusal(description: "no private directory can be made: " + reasons.joined(separator: "; "))
    }

    /// Returns where the directory is or would be made; makes nothing.
    package static func path(in environment: ProcessEnvironment) -> String {
        for (_, base) in bases(in: environment) where (try? check(base, FileTrust())) != nil {
            let usual = usualPath(in: base)
            if isPrivate(usual) || isFree(usual) { return usual }
            if let other = others(in: base).first { return other }
        }
        return usualPath(in: "/tmp")
    }

    /// Returns the directories that this user has in the place where one would be made; more than one where somebody
    /// was in the way of the first for a while.
    package static func existing(
        in environment: ProcessEnvironment, trusting trust: FileTrust = FileTrust()
    ) throws(Refusal) -> [String] {
        let made = try make(in: environment, trusting: trust)
        let base = made.lastIndex(of: "/").map { String(made[..<$0]) } ?? "/"
        return ([usualPath(in: base)] + others(in: base)).filter(isPrivate)
    }

    private static func bases(in environment: ProcessEnvironment) -> [(variable: String?, path: String)] {
        var bases: [(variable: String?, path: String)] = []
        for variable in ["XDG_RUNTIME_DIR", "TMPDIR"] {
            if let path = environment[variable], path.hasPrefix("/") { bases.append((variable, path)) }
        }
        return bases + [(nil, "/tmp")]
    }

    private static func check(_ base: String, _ trust: FileTrust) throws(Protection.Exposure) {
        let place = try trust.pathCheck.resolve(base)
        var status = stat()
        guard lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw Protection.Exposure("is not a directory")
        }
    }

    private static func make(in base: String) throws(Protection.Exposure) -> String {
        let usual = usualPath(in: base)
        if mkdir(usual, 0o700) == 0 { chmod(usual, 0o700) } else if errno != EEXIST { throw notMade(errno) }
        if isPrivate(usual) { return usual }
        if let other = others(in: base).first { return other }
        var template = Array("\(usual)-XXXXXX".utf8CString)
        // The mask may take the owner's own rights away, as above.
        guard mkdtemp(&template) != nil, chmod(template, 0o700) == 0 else { throw notMade(errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func notMade(_ code: Int32) -> Protection.Exposure {
        Protection.Exposure("takes none: \(SystemError.text(of: code))")
    }

    private static func usualPath(in base: String) -> String { "\(base)/passgres-\(geteuid())" }

    private static func others(in base: String) -> [String] {
        guard let directory = OpenDirectory(base) else { return [] }
        let prefix = "passgres-\(geteuid())-"
        return directory.names.filter { $0.hasPrefix(prefix) }.sorted().map { "\(base)/\($0)" }.filter(isPrivate)
    }

    private static func isPrivate(_ path: String) -> Bool {
        (try? Protection.checkDirectory(path, forbidding: 0o077)) != nil
    }

    private static func isFree(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) != 0 && errno == ENOENT
    }
}
