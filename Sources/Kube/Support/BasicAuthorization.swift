/// Basic authentication by RFC 7617.
public enum BasicAuthorization {
    /// The value of the header field `Authorization` for a user name, which has no colon, and a password.
    public static func value(username: String, password: String) -> String {
        "Basic \(Base64.encode("\(username):\(password)".utf8))"
    }
}
