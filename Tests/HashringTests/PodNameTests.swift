import Hashring
import Testing

@Suite("Names of StatefulSets' pods")
struct PodNameTests {
    @Test func `A name ends in a hyphen and the ordinal`() throws {
        let name = try #require(PodName("a-1-receive-12"))
        #expect(name.statefulSet == "a-1-receive")
        #expect(name.ordinal == 12)
        #expect(PodName("a-0")?.ordinal == 0)
        #expect(PodName("a-2147483647")?.ordinal == PodName.largestOrdinal)
    }

    @Test(arguments: [
        "", "-", "a", "a-", "a-x", "a--", "a-+1", "a- 1", "a-01", "a-00", "a-1.5", "a-0x1", "a-2147483648",
        "a-9999999999", "a-9223372036854775807", "a-٣",
    ])
    func `A name that does not end in an ordinal is not a pod of a StatefulSet`(name: String) {
        #expect(PodName(name) == nil)
    }
}
