import Kube

/// The tenants by their tokens, so that two tenants with one token are found. Letters count the same in either case, as in
/// the tables of nginx.
struct TokenIndex: Sendable {
    // A set for each of tens of thousands of tokens would take ten times the memory.
    private var first: [Int: ObjectKey] = [:]
    private var others: [Int: Set<ObjectKey>] = [:]

    private static func hash(_ token: String) -> Int { token.lowercased().hashValue }

    /// Replaces what is known of a tenant's credentials.
    mutating func replace(
        _ old: some Collection<TenantCredential>, with new: some Collection<TenantCredential>, of tenant: ObjectKey
    ) {
        let (old, new) = (Set(old.flatMap(\.tokens).map(Self.hash)), Set(new.flatMap(\.tokens).map(Self.hash)))
        for hash in old.subtracting(new) { remove(hash, of: tenant) }
        for hash in new.subtracting(old) { insert(hash, of: tenant) }
    }

    /// Whether there may be a token that several tenants have.
    var hasShared: Bool { !others.isEmpty }

    /// The tenants that may have a token, in no order: some may have another one with the same hash.
    func candidates(_ token: String) -> Set<ObjectKey> {
        let hash = Self.hash(token)
        return (others[hash] ?? []).union(first[hash].map { [$0] } ?? [])
    }

    private mutating func insert(_ hash: Int, of tenant: ObjectKey) {
        if first[hash] == nil { first[hash] = tenant } else { others[hash, default: []].insert(tenant) }
    }

    private mutating func remove(_ hash: Int, of tenant: ObjectKey) {
        guard first[hash] == tenant else {
            others.remove(tenant, from: hash)
            return
        }
        first[hash] = others[hash]?.first
        if let next = first[hash] { others.remove(next, from: hash) }
    }
}

extension TenantCredential {
    /// The token and the former one.
    var tokens: [String] { [token, former].compactMap(\.self) }

    /// Whether two credentials have a token in common, in whatever case.
    func shares(_ other: TenantCredential) -> Bool {
        let own = tokens.map { $0.lowercased() }
        return other.tokens.contains { own.contains($0.lowercased()) }
    }
}

extension Dictionary where Value == Set<ObjectKey> {
    /// Removes a key from an entry's set, and the entry with its last key.
    mutating func remove(_ key: ObjectKey, from term: Key) {
        self[term]?.remove(key)
        if self[term]?.isEmpty == true { self[term] = nil }
    }
}
