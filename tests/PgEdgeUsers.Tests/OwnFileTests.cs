using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Tests;

/// <summary>What came from one file goes back to the same file, piped or as an argument; the default file is another here.</summary>
public sealed class OwnFileTests : ShellTest
{
    private const string Serialized = "[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-PgEdgeUser bob -Path $other)))";

    private readonly SampleFile _other = new();

    public OwnFileTests()
    {
        Define("other", _other.Path);
        Define("password", Secret.Of("seven quiet lanterns"));
    }

    [Theory]
    [InlineData("Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other)")]
    [InlineData("foreach ($user in Get-PgEdgeUser bob -Path $other) { Disable-PgEdgeUser $user }")]
    [InlineData("Get-PgEdgeUser bob -Path $other | ForEach-Object { Disable-PgEdgeUser -Username $_ }")]
    [InlineData("Get-PgEdgeUser bob -Path $other | Disable-PgEdgeUser")]
    [InlineData("Disable-PgEdgeUser (" + Serialized + ")")]
    [InlineData("Set-PgEdgeUser -Username (Get-PgEdgeUser bob -Path $other) -Annotation Lead")]
    [InlineData("Set-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Password $password")]
    [InlineData("Remove-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Confirm:$false")]
    [InlineData("Enable-PgEdgeUser (Get-PgEdgeUser -Path $other)")]
    public void A_user_object_is_a_user_of_its_own_file(string script)
    {
        Run(script).Ok();

        Assert.True(Store.IsUntouched);
        Assert.False(_other.IsUntouched);
    }

    [Fact]
    public void User_objects_of_several_files_may_be_arguments_together()
    {
        Run("Disable-PgEdgeUser (Get-PgEdgeUser alice -Path $other), (Get-PgEdgeUser bob -Path $file)").Ok();

        Assert.Equal(("false", "true"), (_other.Field("alice", "enabled"), _other.Field("bob", "enabled")));
        Assert.Equal(("true", "false"), (Store.Field("alice", "enabled"), Store.Field("bob", "enabled")));
    }

    [Fact]
    public void A_path_that_is_given_counts_more()
    {
        Run("Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Path $file").Ok();

        Assert.Equal("false", Store.Field("bob", "enabled"));
        Assert.True(_other.IsUntouched);
    }

    [Fact]
    public void The_name_of_a_user_object_is_a_name_like_any_other()
    {
        Run("Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other).Username -Path $file").Ok();
        Run("$user = Get-PgEdgeUser alice -Path $other; $null = Get-PgEdgeUser $user; Disable-PgEdgeUser alice -Path $file").Ok();

        Assert.Equal(("false", "false"), (Store.Field("alice", "enabled"), Store.Field("bob", "enabled")));
        Assert.True(_other.IsUntouched);
    }

    [Fact]
    public void The_target_of_an_error_is_a_name_like_any_other()
    {
        ChildShell.Run(
            Store.Folder,
            $$"""
            Import-Module $module
            $user = Get-PgEdgeUser alice -Path '{{_other.Path}}'
            Remove-PgEdgeUser alice -Path '{{_other.Path}}' -Confirm:$false -WarningAction Ignore
            Disable-PgEdgeUser $user -ErrorVariable problem -ErrorAction SilentlyContinue
            Disable-PgEdgeUser $problem[0].TargetObject -WarningAction Ignore
            """,
            new Dictionary<string, string> { ["PGEDGE_AUTH_USER_FILE"] = Store.Path });

        Assert.Equal("false", Store.Field("alice", "enabled"));
    }

    [Fact]
    public void Sessions_of_a_user_object_are_those_of_its_own_file()
    {
        Define("login", Secret.Login("alice", SampleFile.AlicePassword));
        Run("$null = New-PgEdgeSession $login -Path $other; $null = New-PgEdgeSession $login -Path $file").Ok();

        Assert.Equal([_other.Path], Run("(Get-PgEdgeSession (Get-PgEdgeUser alice -Path $other)).Path").Ok().Texts);
        Assert.Equal([_other.Path], Run("(New-PgEdgeSession -Username (Get-PgEdgeUser alice -Path $other) -Password $login.Password).Path").Ok().Texts);
        Run("Remove-PgEdgeSession -Username (Get-PgEdgeUser alice -Path $other)").Ok();
        Assert.Equal([Store.Path], Run("$file, $other | ForEach-Object { Get-PgEdgeSession -Path $_ } | ForEach-Object Path").Ok().Texts);
    }

    [Fact]
    public void Events_of_a_user_object_are_those_of_its_own_file()
    {
        Run("$file, $other | ForEach-Object { Set-PgEdgeUser bob -Annotation Lead -Path $_ }").Ok();

        Assert.Equal([_other.Path], Run("(Get-PgEdgeAuditEvent (Get-PgEdgeUser bob -Path $other)).Target").Ok().Texts);
    }

    [Fact]
    public void A_new_user_goes_to_the_file_of_the_user_object_that_names_it()
    {
        Assert.Equal(["UserExists,NewPgEdgeUser: bob"], Run("New-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Password $password").Failures);
    }
}
