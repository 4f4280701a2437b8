import CTokenOpenSSL

/// What OpenSSL writes into memory, as text.
func textWritten(_ write: (OpaquePointer) throws -> Int32) throws -> String {
    guard let memory = BIO_new(BIO_s_mem()) else { throw LocalCloudError("out of memory") }
    defer { BIO_free(memory) }
    guard try write(memory) == 1 else { throw LocalCloudError("a key or certificate could not be written") }
    var text = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(memory)))
    let count = BIO_read(memory, &text, Int32(text.count))
    return String(decoding: text.prefix(Int(max(0, count))), as: UTF8.self)
}

/// Lets OpenSSL read a text from memory.
func withMemoryReading<Result>(
    _ text: String, _ read: (OpaquePointer) throws -> Result
) throws -> Result {
    let bytes = Array(text.utf8)
    return try bytes.withUnsafeBytes { buffer in
        guard let memory = BIO_new_mem_buf(buffer.baseAddress, Int32(clamping: buffer.count)) else {
            throw LocalCloudError("out of memory")
        }
        defer { BIO_free(memory) }
        return try read(memory)
    }
}

/// The digest of some bytes.
func digest(_ bytes: some Sequence<UInt8>, _ algorithm: OpaquePointer?) -> [UInt8] {
    let bytes = Array(bytes)
    var result = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
    var length: UInt32 = 0
    EVP_Digest(bytes, bytes.count, &result, &length, algorithm, nil)
    return Array(result.prefix(Int(length)))
}
