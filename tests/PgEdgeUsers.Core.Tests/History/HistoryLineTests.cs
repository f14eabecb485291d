using FsCheck.Xunit;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.History;

namespace PgEdgeUsers.Core.Tests.History;

public sealed class HistoryLineTests
{
    private static readonly string[] Texts =
    [
        "", "\"", "\\", "null", "\"password_hash\":", "\",\"password_hash\":\"", "$2a$12$a", "$2a$12$ab", "\u00e9\n",
    ];

    [Property(MaxTest = 500)]
    public void A_record_tells_whether_it_keeps_the_password_and_reads_as_it_was_written(
        byte name, byte note, byte hashBefore, byte hashAfter, bool isAdded, bool isRemoved)
    {
        var before = isAdded ? null : Account(hashBefore);
        var after = isRemoved ? null : Account(hashAfter);
        var record = new HistoryRecord(
            DateTime.UtcNow, "1", HistoryEvent.Changed, Text(name), Text(note), before, after);
        using var line = new MemoryStream();

        HistoryLine.Write(line, record);

        var isSame = before is null && after is null;
        Assert.Equal(
            isSame || before?.PasswordHash == after?.PasswordHash, HistoryLine.KeepsPassword(line.ToArray()));
        Assert.Equal(isSame ? null : record, HistoryLine.RecordOf(line.ToArray()));

        UserAccount Account(byte hash) =>
            new(Text(name)) { PasswordHash = Text(hash), Annotation = Text(note) };
    }

    private static string Text(byte index) => Texts[index % Texts.Length];
}
