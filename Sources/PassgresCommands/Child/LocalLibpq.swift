import Glibc

/// The libpq that programs of this machine load.
enum LocalLibpq {
    /// Its version, as its own number: 150020 is 15.20, and 90624 was 9.6.24; `nil` if the loader finds none.
    ///
    /// Nothing is linked.
    static var number: Int? {
        guard let library = dlopen("libpq.so.5", RTLD_LAZY | RTLD_LOCAL) else { return nil }
        guard let symbol = dlsym(library, "PQlibVersion") else { return nil }
        let call = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        return Int(call())
    }

    /// A version's number as people write it, such as `15.20`.
    static func shown(_ number: Int) -> String {
        let major = number / 10_000
        return major < 10 ? "\(major).\(number / 100 % 100).\(number % 100)" : "\(major).\(number % 10_000)"
    }
}
