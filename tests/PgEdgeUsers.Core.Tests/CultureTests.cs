using System.Globalization;
using PgEdgeUsers.Core.Accounts;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Core.UserFiles;
using PgEdgeUsers.Stress;

namespace PgEdgeUsers.Core.Tests;

/// <summary>The calendar, digits, casing and signs of the culture never get into the file.</summary>
public sealed class CultureTests
{
    public static TheoryData<string> Cultures => new("tr-TR", "th-TH", "ar-SA", "fa-IR", "de-DE", "he-IL", "");

    [Theory]
    [MemberData(nameof(Cultures))]
    public void A_user_file_is_read_and_written_the_same_in_every_culture(string name)
    {
        var (users, edited) = In("", Work);

        var (usersThere, editedThere) = In(name, Work);

        Assert.Equal(users, usersThere);
        Assert.Equal(edited, editedThere);
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Names_and_passwords_are_compared_the_same_in_every_culture(string name)
    {
        In(name, () =>
        {
            Assert.Equal(UserName.ConfusionKey("INFO"), UserName.ConfusionKey("info"));
            Assert.NotEqual(UserName.ConfusionKey("ınfo"), UserName.ConfusionKey("info"));
            Assert.Throws<PgEdgeUsersException>(() => UserName.Validate("NULL"));
            Assert.Throws<PgEdgeUsersException>(() =>
                new PasswordPolicy(8).Check(Store.Secure("INFODESK-123"), "infodesk"));
            Assert.Throws<PgEdgeUsersException>(() => new PasswordPolicy(8).Check(Store.Secure("QWERTYUIOP"), "x"));
            Assert.Throws<PgEdgeUsersException>(() => new PasswordPolicy(8).Check(Store.Secure("ILOVEYOU"), "x"));
            return true;
        });
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Numbers_in_messages_have_ASCII_digits_in_every_culture(string name)
    {
        In(name, () =>
        {
            Assert.Contains("has 65 characters", Assert.Throws<PgEdgeUsersException>(() =>
                UserName.Validate(new string('x', 65))).Message, StringComparison.Ordinal);
            Assert.Contains("has 1025 characters", Assert.Throws<PgEdgeUsersException>(() =>
                Annotation.Validate(new string('x', 1025), "alice")).Message, StringComparison.Ordinal);
            Assert.Contains("has 73 bytes", Assert.Throws<PgEdgeUsersException>(() =>
                PasswordHash.Create(Store.Secure(new string('x', 73)))).Message, StringComparison.Ordinal);
            Assert.Equal("\\u{1B}[31m", VisibleText.Of("\u001b[31m"));
            return true;
        });
    }

    private static (UserAccount[] Users, string Edited) Work()
    {
        var users = Store.Read(Interop.ServerWritten).Users();
        var edited = Store.Change(
            Interop.ServerWritten,
            [
                .. users.Select(u => new UpdateUser(u.Name, user => user with
                {
                    LastLogin = new DateTime(2025, 12, 23, 15, 26, 41, DateTimeKind.Utc).AddTicks(1234567),
                    FailedAttempts = user.FailedAttempts + 1234567,
                    Annotation = "İ i I ı " + user.Enabled,
                })),
                new AddUser(Sample.Account("INFO.1") with { FailedAttempts = -5,
                    CreatedAt = new DateTime(2024, 2, 29, 23, 59, 59, DateTimeKind.Utc) }),
            ]);
        Assert.Equal(users.Length + 1, Store.Read(edited).Entries.Count);
        return (users, edited);
    }

    private static T In<T>(string culture, Func<T> action)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            return action();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
