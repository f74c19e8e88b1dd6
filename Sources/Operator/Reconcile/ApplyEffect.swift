/// What the apply of an object means for the rest of the pass.
enum ApplyEffect {
    case none
    /// No watch has shown the object yet.
    case awaited
    /// The custom resource is planned once more because of it.
    case plannedAgain
}

/// A plan was made without the newest that a watch has shown of a published file, or of the number of receivers. Another plan
/// is about to be made.
struct PlanIsBehind: Error {}
