using System.Security;
using PgEdgeUsers.Core.Passwords;
using PgEdgeUsers.Sessions.Tests.Support;
using PgEdgeUsers.Tests.Harness;

namespace PgEdgeUsers.Sessions.Tests;

/// <summary>Passwords that are made here.</summary>
public sealed class GeneratedPasswordTests : ShellTest
{
    [Fact]
    public void A_generated_password_is_five_groups_of_characters_that_are_not_mistaken_for_one_another()
    {
        var passwords = Enumerable.Range(0, 4000).Select(_ => AccountFile.Text(PasswordGenerator.Create())).ToArray();

        Assert.All(passwords, password => Assert.Matches("^([a-km-np-zA-HJ-NP-Z2-9]{5}-){4}[a-km-np-zA-HJ-NP-Z2-9]{5}$", password));
        Assert.Equal(passwords.Length, passwords.Distinct().Count());
        Assert.Equal(passwords.Length, passwords.Select(password => password[..11]).Distinct().Count());
    }

    [Fact]
    public void Each_character_is_as_likely_as_the_others_at_each_place()
    {
        const int Count = 8000;
        var passwords = Enumerable.Range(0, Count).Select(_ => AccountFile.Text(PasswordGenerator.Create())).ToArray();

        foreach (var place in Enumerable.Range(0, 29).Where(place => place % 6 != 5))
        {
            var counts = passwords.CountBy(password => password[place]).ToArray();
            Assert.Equal(56, counts.Length);
            // Chi squared with 55 degrees of freedom: beyond 150 is one in 10^10.
            Assert.InRange(counts.Sum(count => Math.Pow(count.Value - (Count / 56.0), 2) / (Count / 56.0)), 0, 150);
        }
    }

    [Theory]
    [InlineData(0, 29)]
    [InlineData(15, 29)]
    [InlineData(30, 30)]
    [InlineData(36, 36)]
    [InlineData(72, 72)]
    public void A_generated_password_is_as_long_as_the_policy_asks_for(int minLength, int length)
    {
        var password = PasswordGenerator.Create(minLength);

        Assert.Equal(length, password.Length);
        Assert.NotEqual('-', AccountFile.Text(password)[^1]);
        new PasswordPolicy(Math.Max(minLength, PasswordPolicy.LowestMinLength)).Check(password, "alice");
    }

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
