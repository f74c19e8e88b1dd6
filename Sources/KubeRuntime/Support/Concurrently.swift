/// Does something with each element, a few at a time; the results are in the order of the elements.
public func concurrently<Element: Sendable, Value: Sendable>(
    _ elements: [Element], atMost most: Int = 8, _ body: @escaping @Sendable (Element) async -> Value
) async -> [Value] {
    if elements.count == 1 { return [await body(elements[0])] }
    return await withTaskGroup(of: (Int, Value).self) { group in
        var values: [Int: Value] = [:]
        for (index, element) in elements.enumerated() {
            if index >= most, let (done, value) = await group.next() { values[done] = value }
            group.addTask { (index, await body(element)) }
        }
        for await (done, value) in group { values[done] = value }
        return elements.indices.compactMap { values[$0] }
    }
}

/// Does something that may fail with each element, a few at a time; the results are in the order of the elements.
///
/// Throws the first error that comes: nothing more is started then, and what runs is cancelled.
public func concurrently<Element: Sendable, Value: Sendable>(
    _ elements: [Element], atMost most: Int = 8, _ body: @escaping @Sendable (Element) async throws -> Value
) async throws -> [Value] {
    if elements.count == 1 { return [try await body(elements[0])] }
    return try await withThrowingTaskGroup(of: (Int, Value).self) { group in
        var values: [Int: Value] = [:]
        for (index, element) in elements.enumerated() {
            if index >= most, let (done, value) = try await group.next() { values[done] = value }
            group.addTask { (index, try await body(element)) }
        }
        for try await (done, value) in group { values[done] = value }
        return elements.indices.compactMap { values[$0] }
    }
}
