using System.Security;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class NewSessionTests : ShellTest
{
    private const string Refused = "AuthenticationFailed,PgEdgeUsers.Commands.NewPgEdgeSessionCommand";

    public NewSessionTests()
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        Define("right", Secret.Of(SampleFile.AlicePassword));
        Define("wrong", Secret.Of("not the right password"));
    }

    [Theory]
    [InlineData("New-PgEdgeSession $login -Path $file")]
    [InlineData("New-PgEdgeSession -Credential $login -UserFile $file")]
    [InlineData("$login | New-PgEdgeSession -Path $file")]
    [InlineData("New-PgEdgeSession -Username alice -Password $right -Path $file")]
    [InlineData("New-PgEdgeSession -Name alice -Password $right -Path $file")]
    [InlineData("[pscustomobject]@{ User = 'alice'; Password = $right; Path = $file } | New-PgEdgeSession")]
    public void The_right_password_gives_a_session(string script)
    {
        var session = Assert.Single(Run(script).Ok().Output)!;

        Assert.Equal("PgEdgeUsers.PgEdgeSession", session.TypeNames[0]);
        Assert.Equal("alice", session.ToString());
        Assert.Equal(Store.Path, session.Properties["Path"].Value);
        Assert.False((bool)session.Properties["IsExpired"].Value);
        var (issued, expires) = ((DateTime)session.Properties["IssuedAt"].Value, (DateTime)session.Properties["ExpiresAt"].Value);
        Assert.InRange(issued, Started, DateTime.Now);
        Assert.Equal(TimeSpan.FromHours(24), expires.ToUniversalTime() - issued.ToUniversalTime());
    }

    [Fact]
    public void A_token_is_32_bytes_in_base64url_and_never_the_same()
    {
        var tokens = Run("1..3 | ForEach-Object { (New-PgEdgeSession $login -Path $file).Token }").Ok().Output
            .Select(token => Secret.Learn((SecureString)token!.BaseObject)).ToArray();

        Assert.All(tokens, token => Assert.Matches("^[-_A-Za-z0-9]{43}=$", token));
        Assert.All(tokens, token => Assert.Equal(32, Convert.FromBase64String(token.Replace('-', '+').Replace('_', '/')).Length));
        Assert.Equal(3, tokens.Distinct().Count());
        Assert.DoesNotContain(tokens, token => Store.Text.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public void Signing_in_is_recorded_and_forgives_the_failures_before_it()
    {
        Run("New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore");
        Assert.Equal("1", Store.Field("alice", "failed_attempts"));

        Run("New-PgEdgeSession $login -Path $file").Ok();

        Assert.Equal("0", Store.Field("alice", "failed_attempts"));
        Assert.InRange(DateTime.Parse(Store.Field("alice", "last_login"), System.Globalization.CultureInfo.InvariantCulture), Started, DateTime.Now);
    }

    [Fact]
    public void Whatever_the_reason_a_refusal_says_the_same()
    {
        Define("charlies", Secret.Login("charlie", SampleFile.CharliePassword));

        var result = Run("""
            New-PgEdgeSession -Username alice -Password $wrong -Path $file
            New-PgEdgeSession -Username nobody -Password $wrong -Path $file
            New-PgEdgeSession $charlies -Path $file
            New-PgEdgeSession -Username Alice -Password $right -Path $file
            New-PgEdgeSession -Username alice -Password ([securestring]::new()) -Path $file
            """);

        Assert.Empty(result.Output);
        Assert.Equal(5, result.Errors.Count);
        Assert.All(result.Errors, error => Assert.Equal((Refused, ErrorCategory.AuthenticationError), (error.FullyQualifiedErrorId, error.CategoryInfo.Category)));
        Assert.Single(result.Errors.Select(error => error.ToString()).Distinct());
    }

    [Fact]
    public void Failed_attempts_are_counted_and_disable_the_account_at_the_limit()
    {
        var result = Run("1..3 | ForEach-Object { New-PgEdgeSession -Username alice -Password $wrong -MaxFailedAttempts 3 -Path $file; (Get-PgEdgeUser alice -Path $file).Status }");

        Assert.Equal(["Enabled", "Enabled", "Disabled"], result.Texts);
        Assert.Equal(3, result.Errors.Count);
        Assert.Equal("3", Store.Field("alice", "failed_attempts"));
        Assert.Equal(Refused, Run("New-PgEdgeSession $login -Path $file").Error.FullyQualifiedErrorId);
        Assert.Equal("false", Store.Field("alice", "enabled"));
    }

    [Fact]
    public void Without_a_limit_failures_are_counted_only()
    {
        Run("1..12 | ForEach-Object { New-PgEdgeSession -Username alice -Password $wrong -Path $file -ErrorAction Ignore }");

        Assert.Equal("12", Store.Field("alice", "failed_attempts"));
        Assert.Equal("true", Store.Field("alice", "enabled"));
    }

    [Fact]
    public void An_account_that_was_enabled_again_has_all_its_attempts()
    {
        Define("charlies", Secret.Login("charlie", SampleFile.CharliePassword));

        Run("Enable-PgEdgeUser charlie -Path $file; New-PgEdgeSession -Username charlie -Password $wrong -MaxFailedAttempts 3 -Path $file -ErrorAction Ignore");

        Assert.Equal(["charlie"], Run("New-PgEdgeSession $charlies -MaxFailedAttempts 3 -Path $file").Ok().Texts);
    }

    [Fact]
    public void Several_logins_in_one_pipeline_each_get_their_answer()
    {
        Define("logins", new[]
        {
            Secret.Login("alice", SampleFile.AlicePassword), Secret.Login("bob", "not the right password"),
            Secret.Login("alice", "not the right password"), Secret.Login("bob", SampleFile.BobPassword),
        });

        var result = Run("$logins | New-PgEdgeSession -Path $file");

        Assert.Equal(["alice", "bob"], result.Texts);
        Assert.Equal(["AuthenticationFailed,NewPgEdgeSession: bob", "AuthenticationFailed,NewPgEdgeSession: alice"], result.Failures);
    }

    [Fact]
    public void The_name_and_password_are_asked_for_when_they_are_not_given()
    {
        Host.Answer("alice", SampleFile.AlicePassword);

        Assert.Equal(["alice"], Run("$null = 1; New-PgEdgeSession -Path $file").Ok().Texts);
    }

    [Fact]
    public void The_password_is_asked_for_when_only_the_name_is_given()
    {
        Host.Answer(SampleFile.AlicePassword);

        Assert.Equal(["alice"], Run("New-PgEdgeSession -Username alice -Path $file").Ok().Texts);
        Assert.Equal(["Password for alice"], Host.Questions);
    }

    [Theory]
    [InlineData("New-PgEdgeSession -Username alice -Path $file", "alice")]
    [InlineData("New-PgEdgeSession -Username alice -Uri https://127.0.0.1:1", "alice")]
    [InlineData("New-PgEdgeSession -Uri https://127.0.0.1:1", "")]
    public void Where_nobody_can_be_asked_a_sign_in_without_a_password_is_an_error(string script, string target)
    {
        Assert.Equal([$"PasswordRequired,NewPgEdgeSession: {target}"], Run(script).Failures);

        Assert.True(Store.IsUntouched);
    }

    [Theory]
    [InlineData("Get-PgEdgeUser alice -Path $file | New-PgEdgeSession")]
    [InlineData("New-PgEdgeSession -Username (Get-PgEdgeUser alice -Path $file)")]
    [InlineData("[pscustomobject]@{ Username = 'alice'; Path = $file } | New-PgEdgeSession")]
    public void A_users_password_is_asked_for(string script)
    {
        Host.Answer(SampleFile.AlicePassword);

        Assert.Equal(["alice"], Run(script).Ok().Texts);
    }

    [Theory]
    [InlineData("New-PgEdgeSession -Username alice -Path $file -WhatIf")]
    [InlineData("New-PgEdgeSession -Uri https://mcp.example.test -WhatIf")]
    [InlineData("New-PgEdgeSession -Username alice -Path /no/such.yaml")]
    [InlineData("New-PgEdgeSession -Username alice -Uri http://mcp.example.test")]
    [InlineData("[pscustomobject]@{ Uri = 'http://mcp.example.test' } | New-PgEdgeSession")]
    [InlineData("New-PgEdgeSession -Username alice -Password $null -Path $file")]
    public void Nobody_is_asked_for_a_password_that_would_go_nowhere(string script)
    {
        Host.Answer("alice", SampleFile.AlicePassword);

        Run(script);

        Assert.Empty(Host.Questions);
    }

    [Fact]
    public void The_question_says_where_the_password_goes()
    {
        Host.Answer("alice", SampleFile.AlicePassword, SampleFile.AlicePassword);

        Run("New-PgEdgeSession -Uri https://127.0.0.1:1; New-PgEdgeSession -Username alice -Path $file");

        Assert.Equal(["Signing in at 127.0.0.1:1", $"Signing in at '{Store.Path}'"], Host.Messages);
    }

    [Fact]
    public void An_empty_credential_is_an_error_of_its_own_and_the_next_signs_in()
    {
        var result = Run("[pscredential]::Empty, $login | New-PgEdgeSession -Path $file");

        Assert.Equal(["alice"], result.Texts);
        Assert.Equal("InvalidUsername,PgEdgeUsers.Commands.NewPgEdgeSessionCommand", result.Error.FullyQualifiedErrorId);
    }

    [Theory]
    [InlineData("0:05", 5)]
    [InlineData("365.00:00:00", 365 * 24 * 60)]
    public void The_lifetime_can_be_chosen(string lifetime, int minutes)
    {
        var session = Run($"$s = New-PgEdgeSession $login -Lifetime {lifetime} -Path $file; $s.ExpiresAt - $s.IssuedAt").Ok();

        Assert.Equal(TimeSpan.FromMinutes(minutes), session.Output[0]!.BaseObject);
    }

    [Theory]
    [InlineData("-Lifetime 00:00:00", "ParameterArgumentValidationError")]
    [InlineData("-Lifetime -1:00", "ParameterArgumentTransformationError")]
    [InlineData("-Lifetime 365.00:00:00.0000001", "ParameterArgumentValidationError")]
    [InlineData("-MaxFailedAttempts -1", "ParameterArgumentValidationError")]
    public void A_limit_without_sense_is_refused(string parameter, string error)
    {
        Assert.StartsWith(error + ",", Run($"New-PgEdgeSession $login {parameter} -Path $file").Error.FullyQualifiedErrorId, StringComparison.Ordinal);

        Assert.True(Store.IsUntouched);
    }
}
