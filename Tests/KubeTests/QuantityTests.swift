import Kube
import Testing

@Suite struct `Quantities` {
    @Test(arguments: [
        ("100Gi", "100Gi"), ("1.5Gi", "1536Mi"), ("1024Mi", "1Gi"), ("4Mi", "4Mi"), ("512", "512"), ("500m", "500m"),
        ("0.5", "500m"), ("1000m", "1"), ("1e3", "1e3"), ("1000", "1k"), ("12e6", "12e6"), ("1E", "1E"), ("1E2", "100"),
        ("0", "0"), ("-0", "0"), ("0Gi", "0"), ("-1.5Ki", "-1536"), ("1Ki", "1Ki"), ("0.5Ki", "512"),
        ("1.1Ki", "1126400m"),
        ("+2", "2"), (".5", "500m"), ("1.", "1"), ("100u", "100u"), ("1n", "1n"), ("0.1n", "1n"),
        ("1.0000000001", "1000000001n"),
        ("9223372036854775807", "9223372036854775807"), ("9223372036854775808", "9223372036854775808"),
        ("100E", "100E"), ("1e100", "100000000000e18"), ("1e-100", "1e-9"),
        ("16Ei", "9223372036854775807"),
        ("1Pi", "1Pi"), ("1e-3", "1e-3"), ("1e4", "10e3"), ("123e-2", "1230e-3"), ("1.5e3", "1500"),
        ("0.1Gi", "107374182400m"),
        ("999999999999999999999999", "999999999999999999999999"), ("1.5E", "1500P"),
        ("1.0000000000000000000000000001Gi", "1073741824000000001n"), ("1023", "1023"), ("2048", "2048"),
        ("1e+3", "1e3"),
    ])
    func `A quantity is written in its canonical form`(text: String, canonical: String) throws {
        #expect(try #require(Quantity(text)).description == canonical)
    }

    @Test(arguments: ["", "Gi", "1GB", "1 Gi", "1.2.3", "--1", "1e", "1e1.5", "1Gi2", "a", "1K", ".", "0x1", "١"])
    func `A text that is not a quantity is refused`(text: String) {
        #expect(Quantity(text) == nil)
    }

    @Test func `Quantities compare by value and round up to whole numbers`() throws {
        #expect(Quantity("1Gi") == Quantity("1073741824"))
        #expect(try #require(Quantity("1G")) < #require(Quantity("1Gi")))
        #expect(Quantity("1.5")?.value == 2)
        #expect(Quantity("-1.5")?.value == -2)
        #expect(Quantity("100Gi")?.value == 107_374_182_400)
        #expect(Quantity(JSON.int(2)) == Quantity(2))
        #expect(Quantity(JSON.double(0.5)) == Quantity("500m"))
        #expect(Quantity(JSON.bool(true)) == nil)
    }

    @Test(arguments: ["2e29", "9e40", "99e38", "9e2147483647", "170141183460469231731687303715884105727E"])
    func `A quantity beyond the largest one is capped`(text: String) throws {
        #expect(try #require(Quantity(text)).description.hasPrefix("1000000"))
        #expect(Quantity(text) == Quantity("1e29"))
        #expect(Quantity("-\(text)") == Quantity("-1e29"))
    }

    @Test(arguments: ["9e-2147483648", "99999999999999999999999999999999999999999e-60", "1e-38"])
    func `A quantity below the smallest one is rounded up to it`(text: String) throws {
        #expect(Quantity(text) == Quantity("1n"))
    }
}
