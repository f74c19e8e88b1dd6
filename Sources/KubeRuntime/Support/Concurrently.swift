/// Does something with each element, a few at a time; the results are in the order of the elements.
///
/// Throws the first error that comes: nothing more is started then, and what runs is cancelled.
public func concurrently<Element: Sendable, Value: Sendable, Failure: Error>(
    _ elements: [Element], atMost most: Int = 8,
    _ body: @escaping @Sendable (Element) async throws(Failure) -> Value
) async throws(Failure) -> [Value] {
    let outcome: Result<[Value], Failure> = await withTaskGroup(of: (Int, Result<Value, Failure>).self) { group in
        var rest = elements.enumerated().makeIterator()
        func startNext() {
            guard let (index, element) = rest.next() else { return }
            group.addTask {
                do throws(Failure) {
                    return (index, .success(try await body(element)))
                } catch {
                    return (index, .failure(error))
                }
            }
        }
        for _ in 0..<most { startNext() }
        var values: [Int: Value] = [:]
        while let (index, result) = await group.next() {
            switch result {
            case .success(let value): values[index] = value
            case .failure(let error):
                group.cancelAll()
                return .failure(error)
            }
            startNext()
        }
        return .success(values.sorted { $0.key < $1.key }.map(\.value))
    }
    return try outcome.get()
}
