using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

public sealed class GetUserTests : ShellTest
{
    [Theory]
    [InlineData("Get-PgEdgeUser -Path $file", "alice bob charlie")]
    [InlineData("Get-PgEdgeUser bob -Path $file", "bob")]
    [InlineData("Get-PgEdgeUser charlie, alice -Path $file", "charlie alice")]
    [InlineData("Get-PgEdgeUser -Name bob -Path $file", "bob")]
    [InlineData("Get-PgEdgeUser -User bob -UserFile $file", "bob")]
    [InlineData("Get-PgEdgeUser *L* -FilePath $file", "alice charlie")]
    [InlineData("Get-PgEdgeUser [ab]* -PSPath $file", "alice bob")]
    [InlineData("Get-PgEdgeUser B?B -Path $file", "bob")]
    [InlineData("'bob', 'alice' | Get-PgEdgeUser -Path $file", "bob alice")]
    [InlineData("[pscustomobject]@{ Username = 'bob' } | Get-PgEdgeUser -Path $file", "bob")]
    [InlineData("[pscustomobject]@{ Name = 'bob'; UserFile = $file } | Get-PgEdgeUser", "bob")]
    [InlineData("[pscustomobject]@{ Username = 'bob', 'alice'; Path = $file } | Get-PgEdgeUser", "bob alice")]
    [InlineData("[pscustomobject]@{ Path = $file } | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("Get-PgEdgeUser -Path $file | Get-PgEdgeUser", "alice bob charlie")]
    [InlineData("Get-PgEdgeUser -Path $file -Status Disabled", "charlie")]
    [InlineData("Get-PgEdgeUser -Path $file -Status enabled", "alice bob")]
    [InlineData("Get-PgEdgeUser *b* -Path $file -Status Disabled", "")]
    [InlineData("Get-PgEdgeUser x* -Path $file", "")]
    public void Users_are_chosen(string script, string names)
    {
        Assert.Equal(names, string.Join(' ', Run(script).Ok().Texts));
    }

    [Theory]
    [InlineData("Get-PgEdgeUser alice, a*, alice -Path $file", "alice")]
    [InlineData("Get-PgEdgeUser *, bob -Path $file", "alice bob charlie")]
    [InlineData("'alice', 'alice' | Get-PgEdgeUser -Path $file", "alice alice")]
    public void A_user_who_is_chosen_twice_comes_once_for_each_input(string script, string names) =>
        Assert.Equal(names, string.Join(' ', Run(script).Ok().Texts));

    [Theory]
    [InlineData("-90")]
    [InlineData("-90.00:00:00")]
    [InlineData("([datetime]::Now.AddDays(-90) - [datetime]::Now)")]
    [InlineData("90")]
    public void A_time_without_sense_chooses_nobody(string inactiveFor)
    {
        var result = Run($"Get-PgEdgeUser -InactiveFor {inactiveFor} -Path $file | Remove-PgEdgeUser -Confirm:$false");

        Assert.StartsWith("ParameterArgumentTransformationError,", result.Error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Each_input_sees_what_the_commands_before_it_made_of_the_file()
    {
        Assert.Equal(
            ["alice Disabled", "bob Disabled"],
            Run("'alice', 'bob' | ForEach-Object { Disable-PgEdgeUser $_ -Path $file -WarningAction Ignore; $_ } | Get-PgEdgeUser -Path $file | ForEach-Object { \"$_ $($_.Status)\" }").Ok().Texts);
    }

    [Fact]
    public void A_user_is_what_the_file_says()
    {
        var alice = Assert.Single(Run("Get-PgEdgeUser alice -Path $file").Ok().Output)!;

        Assert.Equal("PgEdgeUsers.PgEdgeUser", alice.TypeNames[0]);
        Assert.Equal("alice", alice.Properties["Username"].Value);
        Assert.Equal("Enabled", alice.Properties["Status"].Value.ToString());
        Assert.Equal(new DateTime(2024, 10, 30, 10, 15, 0, DateTimeKind.Utc).AddTicks(1234567).ToLocalTime(), alice.Properties["CreatedAt"].Value);
        Assert.Equal(DateTimeKind.Local, ((DateTime)alice.Properties["CreatedAt"].Value).Kind);
        Assert.Equal(new DateTime(2024, 11, 14, 9, 30, 0, DateTimeKind.Utc).ToLocalTime(), alice.Properties["LastLogin"].Value);
        Assert.Equal(0, alice.Properties["FailedAttempts"].Value);
        Assert.Equal("Developer", alice.Properties["Annotation"].Value);
        Assert.Equal(Store.Path, alice.Properties["Path"].Value);
    }

    [Fact]
    public void A_user_has_no_hash()
    {
        var alice = Run("Get-PgEdgeUser alice -Path $file").Ok().Output[0]!;

        Assert.Equal(
            ["Annotation", "CreatedAt", "FailedAttempts", "LastLogin", "Path", "Status", "Username"],
            alice.Properties.Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_user_who_never_signed_in_has_no_last_login()
    {
        Assert.Null(Run("(Get-PgEdgeUser bob -Path $file).LastLogin").Ok().Output[0]);
    }

    [Theory]
    [InlineData("Get-PgEdgeUser alice, dora, bob, Charlie, charlie -Path $file")]
    [InlineData("'alice', 'dora', 'bob', 'Charlie', 'charlie' | Get-PgEdgeUser -Path $file")]
    public void A_name_that_is_not_there_is_an_error_and_the_others_come(string script)
    {
        var result = Run(script);

        Assert.Equal(["alice", "bob", "charlie"], result.Texts);
        Assert.Equal(["UserNotFound,GetPgEdgeUser: dora", "UserNotFound,GetPgEdgeUser: Charlie"], result.Failures);
        Assert.All(result.Errors, e => Assert.Equal(ErrorCategory.ObjectNotFound, e.CategoryInfo.Category));
    }

    [Fact]
    public void A_name_with_brackets_is_a_name_before_it_is_a_wildcard()
    {
        Store.Write(Store.With("    bob:", "    '[ac]*':"));

        Assert.Equal(["[ac]*"], Run("Get-PgEdgeUser '[ac]*' -Path $file").Ok().Texts);
    }

    [Theory]
    [InlineData("Get-PgEdgeUser 'alice[' -Path $file")]
    [InlineData("Disable-PgEdgeUser 'alice[' -Path $file")]
    [InlineData("Disable-PgEdgeUser '[z-a]' -Path $file")]
    public void A_wildcard_that_is_none_is_a_name(string script)
    {
        Assert.StartsWith("UserNotFound,", Run(script).Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("$null")]
    public void No_name_at_all_is_refused(string name)
    {
        Assert.StartsWith("ParameterArgumentValidationError,", Run($"Get-PgEdgeUser {name} -Path $file").Error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Login = 'dora'; Pin = 'plum' }")]
    [InlineData("@{ Username = 'dora'; Pin = 'plum' }")]
    public void The_text_of_an_object_is_not_taken_for_a_name(string input)
    {
        var result = Run($"{input} | Disable-PgEdgeUser -Path $file; {input} | New-PgEdgeUser -Path $file; Get-PgEdgeUser ({input}) -Path $file");

        Assert.Equal(["InputObjectNotBound", "InputObjectNotBound", "ParameterArgumentTransformationError"], result.Errors.Select(e => e.FullyQualifiedErrorId.Split(',')[0]));
        Assert.All(result.Errors, e => Assert.DoesNotContain("plum", $"{e} {e.Exception}", StringComparison.Ordinal));
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void Inactive_users_are_those_without_a_recent_sign_in_or_creation()
    {
        var now = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Store.Write(Store.With("2024-11-14T09:30:00Z", now));
        Store.Write(Store.With("2024-10-15T14:20:00Z", now));

        Assert.Equal(["charlie"], Run("Get-PgEdgeUser -Path $file -InactiveFor 90.00:00:00").Ok().Texts);
        Assert.Equal(["alice", "bob", "charlie"], Run("Get-PgEdgeUser -Path $file -InactiveFor 00:00:00").Ok().Texts);
    }

    [Fact]
    public void Users_of_two_files_keep_their_files()
    {
        Define("other", Path.Combine(Store.Folder, "other.yaml"));
        File.WriteAllText(Path.Combine(Store.Folder, "other.yaml"), "users: {alice: {enabled: true}}\n");

        var users = Run("& { Get-PgEdgeUser alice -Path $other; Get-PgEdgeUser alice -Path $file } | Get-PgEdgeUser").Ok().Output;

        Assert.Equal(["other.yaml", "users.yaml"], users.Select(u => Path.GetFileName((string)u!.Properties["Path"].Value)));
    }

    [Fact]
    public void Reading_writes_nothing()
    {
        Run("Get-PgEdgeUser -Path $file").Ok();

        Assert.True(Store.IsUntouched);
        Assert.Equal([Store.Path], Directory.GetFiles(Store.Folder));
    }

    [Theory]
    [InlineData("Get-PgEdgeUser -InactiveFor 90 -Path $file")]
    [InlineData("New-PgEdgeSession $login -Lifetime 8 -Path $file")]
    public void A_plain_number_is_no_span_of_time(string script)
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));

        var error = Run(script).Error;

        Assert.StartsWith("ParameterArgumentTransformationError,", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("90 days as 90.00:00:00", error.ToString(), StringComparison.Ordinal);
        Assert.True(Store.IsUntouched);
    }
}
