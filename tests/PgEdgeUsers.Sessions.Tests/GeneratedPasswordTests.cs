using System.Security;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Passwords that are made here.</summary>
public sealed class GeneratedPasswordTests : ShellTest
{
    [Theory]
    [InlineData("New-PgEdgeUser dora -GeneratePassword -Path $file")]
    [InlineData("Set-PgEdgeUser alice -GeneratePassword -Path $file")]
    public void A_generated_password_is_handed_out_once_and_signs_in(string script)
    {
        var user = Assert.Single(Run(script).Ok().Output)!;
        var password = (SecureString)user.Properties["GeneratedPassword"].Value;
        Secret.Learn(password);
        Define("login", new PSCredential(user.ToString()!, password));

        Assert.Equal([user.ToString()!], Run("New-PgEdgeSession $login -Path $file").Ok().Texts);
        Assert.Null(Run($"Get-PgEdgeUser {user} -Path $file").Ok().Output[0]!.Properties["GeneratedPassword"]);
        Secret.AssertNotIn(string.Join('\n', Directory.GetFiles(Store.Folder).Select(File.ReadAllText)));
    }

    [Fact]
    public void Each_user_gets_another_password()
    {
        var users = Run("Set-PgEdgeUser alice, bob -GeneratePassword -Path $file").Ok().Output;

        Assert.Equal(2, users.Select(user => Secret.Learn((SecureString)user!.Properties["GeneratedPassword"].Value)).Distinct().Count());
    }

    [Fact]
    public void Trying_out_makes_no_password_and_no_user()
    {
        var result = Run("New-PgEdgeUser dora -GeneratePassword -WhatIf -Path $file; Set-PgEdgeUser alice -GeneratePassword -PassThru -WhatIf -Path $file").Ok();

        Assert.Equal(["alice"], result.Texts);
        Assert.Null(result.Output[0]!.Properties["GeneratedPassword"]);
        Assert.True(Store.IsUntouched);
    }

    [Fact]
    public void A_password_is_either_given_or_generated()
    {
        Define("password", Secret.Of("quite another password of theirs"));

        var result = Run("New-PgEdgeUser dora -GeneratePassword -Password $password -Path $file; Set-PgEdgeUser alice -GeneratePassword -Password $password -Path $file");

        Assert.All(result.Errors, error => Assert.StartsWith("AmbiguousParameterSet,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
        Assert.Equal(2, result.Errors.Count);
    }
}
