using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Who signs in does not learn why it failed; an administrator does.</summary>
public sealed class RefusalTests : ShellTest
{
    public RefusalTests()
    {
        Store.Write(Store.Text + """
                mallory:
                    username: mallory
                    password_hash: broken
                    created_at: 2024-09-01T08:00:00Z
                    last_login: null
                    enabled: true
                    annotation: ""
                    failed_attempts: 0

            """.ReplaceLineEndings("\n"));
        Define("right", Secret.Of(SampleFile.AlicePassword));
        Define("wrong", Secret.Of("not the right password"));
        Define("long", Secret.Of(new string('x', 5000)));
        Define("charlies", Secret.Of(SampleFile.CharliePassword));
    }

    [Theory]
    [InlineData("-Username alice -Password $wrong", "WrongPassword")]
    [InlineData("-Username alice -Password $long", "WrongPassword")]
    [InlineData("-Username nobody -Password $right", "UnknownUser")]
    [InlineData("-Username Alice -Password $right", "UnknownUser")]
    [InlineData("-Username charlie -Password $charlies", "AccountDisabled")]
    [InlineData("-Username charlie -Password $wrong", "AccountDisabled")]
    [InlineData("-Username mallory -Password $right", "MalformedHash")]
    [InlineData("-Username alice -Password $wrong -MaxFailedAttempts 1", "WrongPassword")]
    public void Every_refusal_looks_the_same_but_in_the_record(string signIn, string reason)
    {
        var refused = Run($"New-PgEdgeSession {signIn} -Path $file -Verbose -Debug");
        var other = Run("New-PgEdgeSession -Username nobody -Password $wrong -Path $file -Verbose -Debug");

        Assert.Equal(Shown(other), Shown(refused));
        Assert.Equal("AuthenticationFailed,PgEdgeUsers.Commands.NewPgEdgeSessionCommand", refused.Error.FullyQualifiedErrorId);
        Assert.Equal(ErrorCategory.AuthenticationError, refused.Error.CategoryInfo.Category);
        Assert.Null(refused.Error.Exception.InnerException);
        Assert.Equal([reason, "UnknownUser"], Run("Get-PgEdgeAuditEvent -Event SignIn -Path $file | ForEach-Object Reason").Ok().Texts);
    }

    [Fact]
    public void A_damaged_sessions_file_does_not_tell_which_attempt_locked_the_account()
    {
        File.WriteAllText(Store.Path + ".sessions.json", "damaged");

        var first = Run("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -Verbose");
        var last = Run("New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 2 -Path $file -Verbose");

        Assert.Equal(Shown(first), Shown(last));
        Assert.Equal("false", Store.Field("alice", "enabled"));
    }

    private static string Shown(ShellResult result) =>
        string.Join('\n', [result.Error.ToString(), result.Error.FullyQualifiedErrorId, $"{result.Error.CategoryInfo.Category}", .. result.Verbose, .. result.Warnings, .. result.Texts]);
}
