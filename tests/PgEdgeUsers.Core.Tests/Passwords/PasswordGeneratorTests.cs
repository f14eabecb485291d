using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers.Core.Tests.Passwords;

public sealed class PasswordGeneratorTests
{
    [Fact]
    public void A_generated_password_is_five_groups_of_characters_that_are_not_mistaken_for_one_another()
    {
        var passwords = Enumerable.Range(0, 4000).Select(_ => Store.Text(PasswordGenerator.Create())).ToArray();

        Assert.All(passwords, password =>
            Assert.Matches("^([a-km-np-zA-HJ-NP-Z2-9]{5}-){4}[a-km-np-zA-HJ-NP-Z2-9]{5}$", password));
        Assert.Equal(passwords.Length, passwords.Distinct().Count());
        Assert.Equal(passwords.Length, passwords.Select(password => password[..11]).Distinct().Count());
    }

    [Fact]
    public void A_generated_password_cannot_be_changed() => Assert.True(PasswordGenerator.Create().IsReadOnly());

    [Fact]
    public void Each_character_is_equally_likely_at_each_position()
    {
        const int Count = 8000;
        var passwords = Enumerable.Range(0, Count).Select(_ => Store.Text(PasswordGenerator.Create())).ToArray();

        foreach (var position in Enumerable.Range(0, 29).Where(position => position % 6 != 5))
        {
            var counts = passwords.CountBy(password => password[position]).ToArray();
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
    public void A_generated_password_is_as_long_as_the_policy_requires(int minLength, int length)
    {
        var password = PasswordGenerator.Create(minLength);

        Assert.Equal(length, password.Length);
        Assert.NotEqual('-', Store.Text(password)[^1]);
        new PasswordPolicy(Math.Max(minLength, PasswordPolicy.LowestMinLength)).Check(password, "alice");
    }
}
