extension Watcher {
    /// Lists and watches until the task is cancelled; `onSynced` is called once the store that it fills has the first list.
    public func run(filling store: Store<Value>, onSynced: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.run() }
            group.addTask {
                guard (try? await store.synced()) != nil else { return }
                onSynced()
            }
            await group.waitForAll()
        }
    }
}
