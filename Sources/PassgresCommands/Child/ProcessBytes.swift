import Glibc

/// Arguments and variables as this process was given them, byte for byte.
///
/// They need not be UTF-8: a file's name may be of an older time. A program run in our place gets them unchanged.
enum ProcessBytes {
    typealias Text = UnsafeMutablePointer<CChar>

    /// A list of arguments for a program, to be freed; those that are the last ones of ours are the very same bytes.
    static func arguments(saying words: [String]) -> [Text?] {
        let given = Int(CommandLine.argc)
        var texts: [Text?] = words.map { strdup($0) } + [nil]
        for index in words.indices.reversed() {
            let place = given - (words.count - index)
            guard place > 0, let own = CommandLine.unsafeArgv[place], String(cString: own) == words[index] else {
                break
            }
            free(texts[index])
            texts[index] = strdup(own)
        }
        return texts
    }

    /// A list of variables for a program, to be freed; those that are as they were are the very same bytes.
    static func variables(saying values: [String: String]) -> [Text?] {
        var rest = values
        var texts: [Text?] = []
        var next = environ
        while let own = next.pointee {
            next += 1
            let parts = String(cString: own).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, rest[String(parts[0])] == String(parts[1]) else { continue }
            rest[String(parts[0])] = nil
            texts.append(strdup(own))
        }
        return texts + rest.map { strdup("\($0.key)=\($0.value)") } + [nil]
    }
}
