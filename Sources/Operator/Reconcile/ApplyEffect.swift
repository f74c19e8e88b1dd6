/// What the apply of an object means for the rest of the pass.
enum ApplyEffect {
    case none
    /// No watch has shown the object yet.
    case awaited
    /// The custom resource is planned once more because of it, and its status is that of the next plan.
    case plannedAgain
    /// The same, once a watch shows the change.
    case shownSoon
}
