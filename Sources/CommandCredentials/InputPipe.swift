import Glibc
import Subprocess
import SystemPackage

/// A pipe that holds a whole text before anybody reads it.
///
/// Nobody writes while the program runs, so that one that ends without having read its input raises no `SIGPIPE` here.
enum InputPipe {
    /// Makes an input of a text.
    ///
    /// Throws ``CommandError/notStarted(_:)`` if the text does not fit into a pipe.
    static func filled(with text: String) throws -> FileDescriptorInput {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CommandError(refusedBy: errno) }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        let bytes = Array(text.utf8)
        guard bytes.isEmpty || Glibc.write(ends[1], bytes, bytes.count) == bytes.count else {
            close(ends[0])
            throw CommandError.notStarted("its input of \(bytes.count) bytes does not fit into a pipe")
        }
        return .fileDescriptor(FileDescriptor(rawValue: ends[0]), closeAfterSpawningProcess: true)
    }
}
