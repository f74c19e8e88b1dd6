import CCrypto

/// A certificate (RFC 5280), read by OpenSSL.
public final class Certificate {
    private let pointer: OpaquePointer

    /// The seconds since 1970-01-01T00:00:00Z between which it is valid.
    public let validity: ClosedRange<Int64>

    /// Why a text has no certificates.
    public enum Fault: Error, Hashable {
        /// It has no PEM block with one.
        case none
        /// This certificate, counted from 1, is malformed.
        case malformed(Int)
    }

    private init?(_ pointer: OpaquePointer) {
        self.pointer = pointer
        guard let start = Self.seconds(X509_get0_notBefore(pointer)),
            let end = Self.seconds(X509_get0_notAfter(pointer))
        else {
            X509_free(pointer)
            return nil
        }
        // One that ends before it starts is never valid.
        validity = min(start, end)...end
    }

    deinit { X509_free(pointer) }

    /// Reads all certificates of a text in PEM, as nginx does: what is around the blocks is ignored.
    public static func all(inPEM bytes: [UInt8]) throws(Fault) -> [Certificate] {
        // Other users of OpenSSL on this thread would take an error for theirs.
        defer { ERR_clear_error() }
        guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { throw .none }
        defer { BIO_free(bio) }
        var found: [Certificate] = []
        while true {
            guard let pointer = PEM_read_bio_X509_AUX(bio, nil, nil, nil) else {
                guard tributary_is_end_of_pem() == 1 else { throw .malformed(found.count + 1) }
                guard !found.isEmpty else { throw .none }
                return found
            }
            guard let certificate = Certificate(pointer) else { throw .malformed(found.count + 1) }
            found.append(certificate)
        }
    }

    /// The bits of security of its key: 112 for RSA with 2048 bits.
    public var securityBits: Int {
        defer { ERR_clear_error() }
        return X509_get0_pubkey(pointer).map { Int(EVP_PKEY_get_security_bits($0)) } ?? 0
    }

    /// Whether a private key belongs to it.
    public func belongs(to key: PrivateKey) -> Bool {
        defer { ERR_clear_error() }
        return X509_check_private_key(pointer, key.pointer) == 1
    }

    /// Whether it is for a host: one of its alternative names is the DNS name, or matches it with an asterisk as its first
    /// label.
    public func isFor(host: String) -> Bool {
        defer { ERR_clear_error() }
        let flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
        return X509_check_host(pointer, host, host.utf8.count, UInt32(flags), nil) == 1
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        defer { ERR_clear_error() }
        guard let time, let start = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(start) }
        var (days, seconds): (Int32, Int32) = (0, 0)
        guard ASN1_TIME_diff(&days, &seconds, start, time) == 1 else { return nil }
        return Int64(days) * 86400 + Int64(seconds)
    }
}

/// A private key, read by OpenSSL. Nothing about it can be told from outside.
public final class PrivateKey {
    fileprivate let pointer: OpaquePointer

    /// Why a text has no private key that can be used.
    public enum Fault: Error, Hashable {
        /// It has no PEM block with one, or the block is malformed.
        case none
        /// It needs a password.
        case encrypted
    }

    /// Reads the first private key of a text in PEM, as nginx does.
    public init(pem bytes: [UInt8]) throws(Fault) {
        defer { ERR_clear_error() }
        guard let bio = BIO_new_mem_buf(bytes, Int32(clamping: bytes.count)) else { throw .none }
        defer { BIO_free(bio) }
        var isEncrypted: Int32 = 0
        guard let pointer = tributary_read_private_key(bio, &isEncrypted) else {
            throw isEncrypted == 1 ? .encrypted : .none
        }
        self.pointer = pointer
    }

    deinit { EVP_PKEY_free(pointer) }
}

extension Certificate {
    /// The URIs among the alternative names of its subject, as bytes that its author chose; nil if these are malformed.
    public var uris: [[UInt8]]? {
        defer { ERR_clear_error() }
        var isCritical: Int32 = 0
        guard let found = X509_get_ext_d2i(pointer, NID_subject_alt_name, &isCritical, nil) else {
            // -1 says that there is no such extension, and -2 that there are several.
            return isCritical == -1 ? [] : nil
        }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        return (0..<tributary_count_names(names)).compactMap { index in
            tributary_uri(names, index).map { uri in
                Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(uri), count: Int(ASN1_STRING_length(uri))))
            }
        }
    }
}
