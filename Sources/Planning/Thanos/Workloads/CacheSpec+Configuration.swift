import Kube
import TributaryAPI

extension CacheSpec {
    /// The size of a cache where none is given.
    private static let defaultSize = "250Mi"
    /// The largest item of a Store Gateway's cache by default, in bytes. Thanos exits if it exceeds the size of the cache.
    private static let largestItem: Int64 = 131_072_000

    /// A cache of answers.
    static func responses(_ cache: CacheSpec?) -> String {
        configuration(cache, inMemory: ["max_size": JSON(text(bytes(cache))), "validity": "0s"])
    }

    /// A cache of a Store Gateway.
    static func store(_ cache: CacheSpec?) -> String {
        let size = bytes(cache)
        return configuration(
            cache,
            inMemory: ["max_size": JSON(text(size)), "max_item_size": JSON(text(min(size, largestItem)))])
    }

    /// The configuration in one line: JSON is YAML.
    private static func configuration(_ cache: CacheSpec?, inMemory: JSON) -> String {
        guard let memcached = cache?.memcached else {
            return (["type": "IN-MEMORY", "config": inMemory] as JSON).text()
        }
        var config: JSON = ["addresses": JSON(memcached.addresses)]
        if let size = memcached.maxItemSize { config["max_item_size"] = JSON(text(Quantity(size)?.value ?? 0)) }
        return (["type": "MEMCACHED", "config": config] as JSON).text()
    }

    private static func bytes(_ cache: CacheSpec?) -> Int64 { Quantity(cache?.size ?? defaultSize)?.value ?? 0 }

    /// A size as both of Thanos's readers of sizes take it.
    private static func text(_ bytes: Int64) -> String { "\(bytes)B" }
}
