// What tests need of libpq in a process of its own, with an environment of its own:
//   defaults            prints what libpq takes for each keyword: name, zero byte, value, zero byte
//   passwords           reads connection strings, each ended by a zero byte; prints the password libpq found for each:
//                       "+" and the password, or "-", and a zero byte
//   store PATH NAME N [nobody] [limit=BYTES]
//                       stores N entries under NAME, one by one, as nobody if root, with files of limited length
import CTestPQ
import Glibc
import PostgresCredentials
import TokenCredentials

func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
        guard count > 0 else { exit(2) }
        bytes = bytes.dropFirst(count)
    }
}

func printDefaults() {
    guard let options = PQconndefaults() else { exit(2) }
    defer { PQconninfoFree(options) }
    var option = options
    while let keyword = option.pointee.keyword {
        if let value = option.pointee.val { write(String(cString: keyword) + "\0" + String(cString: value) + "\0") }
        option += 1
    }
}

func printPasswords() {
    var input: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 65_536)
    while case let count = read(0, &block, block.count), count > 0 { input += block[..<count] }
    for text in input.split(separator: 0, omittingEmptySubsequences: false).dropLast() {
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        let connection = PQconnectStart(terminated)
        defer { PQfinish(connection) }
        // Of several hosts the last one tells: every one before it refuses.
        if text.contains(UInt8(ascii: ",")) {
            while case let status = PQconnectPoll(connection), status != PGRES_POLLING_FAILED {
                let events = Int16(status == PGRES_POLLING_READING ? POLLIN : POLLOUT)
                var descriptor = pollfd(fd: PQsocket(connection), events: events, revents: 0)
                guard poll(&descriptor, 1, 1_000) > 0 else { break }
            }
        }
        let password = PQpass(connection).map { String(cString: $0) } ?? ""
        write(password.isEmpty ? "-\0" : "+\(password)\0")
    }
}

func store(_ arguments: [String]) async -> Int32 {
    for option in arguments.dropFirst(3) {
        if option == "nobody", geteuid() == 0 {
            guard setgroups(0, nil) == 0, setgid(65_534) == 0, setuid(65_534) == 0 else { return 2 }
        }
        if option.hasPrefix("limit="), let bytes = rlim_t(option.dropFirst("limit=".count)) {
            var limit = rlimit(rlim_cur: bytes, rlim_max: bytes)
            signal(SIGXFSZ, SIG_IGN)
            guard setrlimit(__rlimit_resource_t(1), &limit) == 0 else { return 2 }
        }
    }
    let destination = PasswordFileDestination(path: arguments[0])
    for number in 0..<(Int(arguments[2]) ?? 0) {
        let login = Login(host: arguments[1], port: "\(number)", database: "db", user: "user")
        do {
            try await destination.store("secret-\(arguments[1])-\(number)", for: login)
        } catch {
            write("\(error)")
            return 1
        }
    }
    return 0
}

switch CommandLine.arguments.dropFirst().first {
case "defaults": printDefaults()
case "passwords": printPasswords()
case "store" where CommandLine.arguments.count >= 5: exit(await store(Array(CommandLine.arguments.dropFirst(2))))
default: exit(64)
}
