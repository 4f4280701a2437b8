import FoundationEssentials
import Testing
import TokenCredentials

@Suite struct `A renewal policy` {
    static let start = Date(timeIntervalSince1970: 1_700_000_000)

    @Test(
        arguments: [
            (3600.0, nil, 3300.0), (7199, nil, 6899), (7200, nil, 3600), (86_400, nil, 43_200), (600, nil, 300),
            (60, nil, 30), (3600, 1000, 1000), (3600, 3600, 3300), (3600, 9999, 3300), (3600, -5, 0), (0, nil, 0),
            (-10, nil, 0),
        ] as [(Double, Double?, Double)])
    func `says when to renew`(life: Double, refresh: Double?, expected: Double) {
        let token = AccessToken(
            secret: "s", expiresAt: Self.start + life, refreshAt: refresh.map { Self.start + $0 })
        let date = RenewalPolicy().renewalDate(of: token, obtainedAt: Self.start, chance: 0)
        #expect(date.timeIntervalSince(Self.start) == expected)
    }

    @Test func `spreads renewals over the last tenth of the wait, never later`() {
        let token = AccessToken(secret: "s", expiresAt: Self.start + 3600)
        let earliest = RenewalPolicy().renewalDate(of: token, obtainedAt: Self.start, chance: 1)
        #expect(abs(earliest.timeIntervalSince(Self.start) - 2970) < 0.001)
    }
}
