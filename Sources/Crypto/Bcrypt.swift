import CCrypt
import Glibc

/// The hash of passwords that Prometheus knows, by libxcrypt.
public enum Bcrypt {
    /// The most bytes of a password: further ones do not count.
    public static let mostBytes = 72

    /// The hash of a password with a salt of 16 bytes, which need not be secret; nil if the library does not make one.
    public static func hash(_ password: String, salt: [UInt8], cost: UInt = 10) -> String? {
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let random = salt.map { CChar(bitPattern: $0) }
        guard crypt_gensalt_rn("$2b$", cost, random, Int32(random.count), &setting, Int32(setting.count)) != nil
        else { return nil }
        var data: UnsafeMutableRawPointer?
        var size: Int32 = 0
        defer { free(data) }
        return crypt_ra(password, setting, &data, &size).map { String(cString: $0) }
    }
}
