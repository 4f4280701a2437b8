import Glibc

/// libqrencode, loaded when it is needed and done without where it is not installed.
struct QRCodeLibrary: Sendable {
    // The functions of qrencode.h that are called.
    private typealias Encode = @convention(c) (UnsafePointer<CChar>?, CInt, CInt) -> UnsafeMutableRawPointer?
    private typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Void

    /// The file's name, as the loader looks for it.
    var file = "libqrencode.so.4"

    /// A code that holds a text; `nil` without the library, and for a text that no code can hold.
    func code(for text: String) -> QRCode? {
        guard !text.utf8.contains(0), let library = dlopen(file, RTLD_NOW | RTLD_LOCAL) else { return nil }
        defer { dlclose(library) }
        guard let encodeSymbol = dlsym(library, "QRcode_encodeString8bit"),
            let freeSymbol = dlsym(library, "QRcode_free")
        else { return nil }
        let encode = unsafeBitCast(encodeSymbol, to: Encode.self)
        let free = unsafeBitCast(freeSymbol, to: Free.self)
        // The smallest code, with the least redundancy: a screen is neither dirty nor torn.
        guard let result = encode(text, 0, 0) else { return nil }
        defer { free(result) }
        // int version; int width; unsigned char *data, one byte a square, of which the lowest bit says that it is dark.
        let width = Int(result.load(fromByteOffset: 4, as: CInt.self))
        guard (21...177).contains(width), let squares = result.load(fromByteOffset: 8, as: UnsafePointer<UInt8>?.self)
        else { return nil }
        return QRCode(
            width: width, isDark: UnsafeBufferPointer(start: squares, count: width * width).map { $0 & 1 == 1 })
    }
}
