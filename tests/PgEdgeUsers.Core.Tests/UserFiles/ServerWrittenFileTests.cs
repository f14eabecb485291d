using System.Text;
using System.Text.RegularExpressions;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests.UserFiles;

/// <summary>A user file as the server saved it: it is read, and its values are edited one at a time.</summary>
public sealed class ServerWrittenFileTests
{
    private static readonly string Text = Interop.ServerWritten;
    private static readonly UserDocument Document = Store.Read(Text);

    public static TheoryData<string> Names => [.. Document.Users().Select(u => u.Name)];

    [Fact]
    public void All_users_of_a_server_written_file_read_as_the_server_has_them()
    {
        var expected = Interop.Json("server-written.expected.json")["users"]!["users"]!.AsArray()
            .Select(u => LoaderVector.Describe(u!));

        Assert.Equal(24, Document.Entries.Count);
        Assert.Equal(expected.Order(StringComparer.Ordinal), Document.Users().Select(LoaderVector.Describe)
            .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_passwords_of_a_server_written_file_verify_and_others_do_not()
    {
        var passwords = Interop.Json("server-written.expected.json")["passwords"]!.AsObject();

        Assert.Equal(3, passwords.Count);
        foreach (var (name, password) in passwords)
        {
            var hash = Document.Find(name)!.Account.PasswordHash;
            Assert.True(PasswordHash.Verify(Store.Secure((string)password!), hash));
            Assert.False(PasswordHash.Verify(Store.Secure((string)password! + "!"), hash));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_edit_of_one_field_changes_the_bytes_of_its_value_and_no_others(string name)
    {
        foreach (var (field, update) in Edits())
        {
            var edited = Store.Change(Text, new UpdateUser(name, update));

            AssertOnlyChanged(Document.Find(name)![field], edited);
            Assert.Equal(Document.Users().Select(u => u.Name == name ? update(u) : u), Store.Read(edited).Users());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Removing_a_user_removes_its_lines_and_no_others(string name)
    {
        var blocks = Regex.Split(Text["users:\n".Length..], @"(?m)^(?=    \S)").Where(block => block.Length > 0)
            .ToList();
        blocks.RemoveAt(Document.Users().ToList().FindIndex(u => u.Name == name));

        Assert.Equal("users:\n" + string.Concat(blocks), Store.Change(Text, new RemoveUser(name)));
    }

    [Fact]
    public void Removing_all_users_leaves_an_empty_file_that_can_be_filled_again()
    {
        var empty = Store.Change(Text, [.. Document.Users().Select(u => new RemoveUser(u.Name))]);

        Assert.Equal("users: {}\n", empty);
        Assert.Equal(Sample.Alice, Store.Change(empty, new AddUser(Sample.Account("alice") with
        {
            CreatedAt = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc), Annotation = "note",
        })));
    }

    [Fact]
    public void Users_are_added_after_the_others_as_the_server_writes_them()
    {
        var added = Store.Change(
            Text,
            new AddUser(Sample.Account("zoe") with { CreatedAt = Sample.Created.AddTicks(1234500), Annotation = "" }),
            new AddUser(Sample.Account("123.5") with { Annotation = "true", Enabled = false,
                LastLogin = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), FailedAttempts = 7 }));

        Assert.Equal(Text + $"""
                zoe:
                    username: zoe
                    password_hash: {Sample.Hash}
                    created_at: 2025-12-23T15:26:41.12345Z
                    last_login: null
                    enabled: true
                    annotation: ""
                    failed_attempts: 0
                "123.5":
                    username: "123.5"
                    password_hash: {Sample.Hash}
                    created_at: 2025-12-23T15:26:41Z
                    last_login: 2026-01-02T03:04:05Z
                    enabled: false
                    annotation: "true"
                    failed_attempts: 7

            """, added);
    }

    [Fact]
    public void Users_of_a_server_written_file_read_the_same_after_this_program_wrote_them()
    {
        var text = Store.Change("", [.. Document.Users()
            .Select(u => new AddUser(u with { Annotation = u.Annotation.ReplaceLineEndings(" ") }))]);

        Assert.Equal(Document.Users()
            .Select(u => u with { Annotation = u.Annotation.ReplaceLineEndings(" ") }), Store.Read(text).Users());
    }

    private static IEnumerable<(AccountField Field, Func<UserAccount, UserAccount> Update)> Edits() =>
    [
        (AccountField.Annotation, user => user with { Annotation = "Moved: to #2" }),
        (AccountField.Enabled, user => user with { Enabled = !user.Enabled }),
        (AccountField.FailedAttempts, user => user with { FailedAttempts = user.FailedAttempts + 11 }),
        (AccountField.LastLogin, user => user with { LastLogin = new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc) }),
        (AccountField.LastLogin, user => user with { LastLogin = null }),
        (AccountField.PasswordHash, user => user with { PasswordHash = Sample.OtherHash }),
    ];

    private static void AssertOnlyChanged(FieldSpans field, string edited)
    {
        var (before, after) = (Encoding.UTF8.GetBytes(Text), Encoding.UTF8.GetBytes(edited));
        var start = Encoding.UTF8.GetByteCount(Text.AsSpan(0, field.Value.Start));
        var end = Encoding.UTF8.GetByteCount(Text.AsSpan(0, field.Value.End));
        var fromEnd = before.Length - end;

        Assert.Equal(before[..start], after[..start]);
        Assert.Equal(before[end..], after[^fromEnd..]);
        Assert.DoesNotContain((byte)'\n', after[start..^fromEnd]);
    }
}
