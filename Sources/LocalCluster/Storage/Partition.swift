/// The number of leading indexes below `count` for which a condition holds; it must fail for all that follow.
func partition(_ count: Int, _ holds: (Int) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
        let middle = (low + high) / 2
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    return low
}
