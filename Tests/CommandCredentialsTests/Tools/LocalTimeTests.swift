import CommandCredentials
import FoundationEssentials
import Glibc
import Testing

/// Each table is read by a process of its own, started in the zone, since a zone belongs to a process.
@Suite struct `A local time` {
    @Test(arguments: [
        // Clocks in Berlin go back from 3:00 to 2:00 at 1:00 UTC on 25 October 2026, and forward on 29 March.
        (
            "Europe/Berlin",
            [
                "2026-10-25 02:31:07.000000": 1_792_888_267.0, "2026-10-25 01:59:59": 1_792_886_399,
                "2026-10-25 03:00:00": 1_792_893_600, "2026-07-01 12:00:00.250000": 1_782_900_000.25,
                "2026-03-29 02:30:00": 1_774_744_200, "2021-10-31 02:30:00.000000": 1_635_640_200,
            ]
        ),
        ("America/New_York", ["2026-11-01 01:30:00.000000": 1_793_511_000, "2026-01-15 12:00:00": 1_768_496_400]),
        ("Asia/Kolkata", ["2026-10-25 02:31:07.000000": 1_792_875_667]),
        // Half an hour of summer time, and a year that begins in it.
        ("Australia/Lord_Howe", ["2026-04-05 01:45:00": 1_775_313_900, "2026-01-01 00:00:00": 1_767_186_000]),
        // Winter time is the exception here, by law.
        ("Europe/Dublin", ["2026-10-25 01:30:00": 1_792_888_200, "2026-12-01 12:00:00": 1_796_126_400]),
        // An hour repeated without summer time: Volgograd left UTC+4 for UTC+3 at 22:00 UTC on 26 December 2020.
        ("Europe/Volgograd", ["2020-12-27 01:30:00": 1_609_018_200]),
        ("UTC", ["2026-10-25 02:31:07.000000": 1_792_895_467]),
        ("CET-1CEST,M3.5.0,M10.5.0/3", ["2026-10-25 02:31:07.000000": 1_792_888_267]),
    ])
    func `is read in the zone of the process, the earlier instant where there are two`(
        _ zone: String, _ table: [String: Double]
    ) async {
        await #expect(processExitsWith: .success) { [zone, table] in
            setenv("TZ", zone, 1)
            tzset()
            for (text, seconds) in table {
                let read = LocalTime.instant(text)?.timeIntervalSince1970
                #expect(read == seconds, "\(text) in \(zone)")
                if read != seconds { exit(1) }
                let written = LocalTime.text(of: Date(timeIntervalSince1970: seconds))
                if LocalTime.instant(written)?.timeIntervalSince1970 != seconds.rounded(.down) { exit(2) }
                // Clocks in Berlin, the only ones here that do, leave this one out.
                if text != "2026-03-29 02:30:00", !text.hasPrefix(written) { exit(3) }
            }
        }
    }

    @Test(arguments: [
        "", "2026-10-25", "2026-10-25 02:31", "2026-13-25 02:31:07", "2026-10-25 02:31:07 CET",
        "2026-10-25 02:31:07.", "25.10.2026 02:31:07", "2026-10-25 24:00:00", "２０２６-10-25 02:31:07",
    ])
    func `is not read from other texts`(_ text: String) {
        #expect(LocalTime.instant(text) == nil)
    }
}

@Suite struct `A time with its zone` {
    @Test(arguments: [
        ("2026-10-25T00:31:07Z", 1_792_888_267.0), ("2026-10-25t00:31:07.5z", 1_792_888_267.5),
        ("2026-10-25T02:31:07+02:00", 1_792_888_267), ("2026-10-24T19:31:07-05:00", 1_792_888_267),
        ("1970-01-01T00:00:00Z", 0), ("2024-02-29T23:59:59Z", 1_709_251_199), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("2026-10-25T00:31:07.1234567Z", 1_792_888_267.1234567),
    ])
    func `is the same instant whatever the zone of the process`(_ text: String, _ seconds: Double) async throws {
        #expect(ZonedTime.instant(text)?.timeIntervalSince1970 == seconds)
        for zone in ["America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Europe/London", "UTC"] {
            await #expect(processExitsWith: .success) { [zone = zone as String, text, seconds] in
                setenv("TZ", zone, 1)
                tzset()
                if ZonedTime.instant(text)?.timeIntervalSince1970 != seconds { exit(1) }
            }
        }
    }

    @Test(arguments: [
        "2026-10-25T00:31:07", "2026-10-25T00:31:07+2", "2026-10-25T00:31:07+0200", "2026-10-25T00:31:07+aa:bb",
        "2026-10-25T00:31:07ZZ", "Z", "", "2026-10-25T00:31:07*01:00",
    ])
    func `is not read from other texts`(_ text: String) {
        #expect(ZonedTime.instant(text) == nil)
    }
}
