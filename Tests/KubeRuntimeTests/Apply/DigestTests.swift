import Kube
import Testing

@testable import KubeRuntime

@Suite("Digests, UIDs and resource versions") struct DigestTests {
    @Test func `A digest depends on everything but the order of members and the form of numbers`() {
        #expect(Digest(["a": 1, "b": [1, 2]]) == Digest(["b": [1.0, 2], "a": 1]))
        let values: [JSON] = [
            nil, true, false, 0, 1, "1", "", [], [[]], [[], []], [:], ["a": nil], ["a": "b"], ["b": "a"], ["ab": ""],
            ["a": ["b": "c"]], ["a": "b", "c": nil], [1, 2], [2, 1], [[1], 2], [[1, 2]], "12345678", "123456789",
            "12345678\0", 0.5, -1, 1e300,
        ]
        #expect(Set(values.map { Digest($0) }).count == values.count)
    }

    @Test func `A hundred thousand similar values have a hundred thousand digests`() {
        #expect(Set((0..<100_000).map { Digest(.int(Int64($0))) }).count == 100_000)
        #expect(Set((0..<100_000).map { Digest("receive-\($0)") }).count == 100_000)
    }

    @Test(arguments: [
        "0c9fa4cd-14f1-4be7-8e0a-8a3e9c0d2f3b", "00000000-0000-0000-0000-000000000000", "", "not-a-uuid",
        "0C9FA4CD-14F1-4BE7-8E0A-8A3E9C0D2F3B", "0c9fa4cd-14f1-4be7-8e0a-8a3e9c0d2f3",
        "0c9fa4cdx14f1-4be7-8e0a-8a3e9c0d2f3b",
    ])
    func `A UID has the description that it was made from`(text: String) {
        #expect(UID(text).description == text)
        #expect(UID(text) == UID(text))
        #expect(UID(text) != UID(text + "0"))
    }

    @Test func `Resource versions compare as numbers`() throws {
        let nine = try #require(ResourceVersion("9"))
        let ten = try #require(ResourceVersion("10"))
        #expect(nine < ten)
        #expect(ResourceVersion("abc") == nil)
    }
}

@Suite("The digests of an object's long texts") struct TextDigestTests {
    /// A configuration in 64 parts, of which one has another text.
    private func parts(edited: Int?) -> JSON {
        .object(
            JSON.Members(
                uniqueKeysWithValues: (0..<64).map { part in
                    let text = String(repeating: part == edited ? "x" : "y", count: 5000) + "\(part)"
                    return ("part-\(part)", JSON.string(text))
                }))
    }

    @Test func `An edit of one of 64 texts has only that text read again`() {
        var texts = TextDigests()
        let before = Digest(parts(edited: nil), &texts)
        #expect(texts.readTexts == 64)
        #expect(Digest(parts(edited: nil), &texts) == before)
        #expect(texts.readTexts == 64)
        let after = Digest(parts(edited: 7), &texts)
        #expect(texts.readTexts == 65)
        #expect(after != before)
        #expect(after == Digest(parts(edited: 7)))
    }

    @Test func `Texts that an object no longer has are forgotten`() {
        var texts = TextDigests()
        _ = Digest(parts(edited: nil), &texts)
        _ = Digest(["a": "b"], &texts)
        #expect(texts.isEmpty)
    }
}
