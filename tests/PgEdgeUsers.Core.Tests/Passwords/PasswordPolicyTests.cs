using PgEdgeUsers.Core.Passwords;

namespace PgEdgeUsers.Core.Tests.Passwords;

[Collection(EnvironmentTests.Name)]
public sealed class PasswordPolicyTests : IDisposable
{
    private readonly EnvironmentScope _environment = new();

    public void Dispose() => _environment.Dispose();

    public static TheoryData<string> Good => new(
        "seven quiet lanterns", "  spaces count too  ", "žluťoučký kůň úpěl", "日本語の長いパスワードです、はい",
        "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘🥰",
        "alice had a little lamb", "zzz-unrelated-words", "seven.lanterns.2", "Tr0ub4dor&3 & more",
        "qwerty is not all of it", new string('日', 12) + "いろはにほへとちりぬるを", "0123456789-seven-x");

    [Theory]
    [MemberData(nameof(Good))]
    public void A_long_password_without_a_pattern_is_accepted(string password)
    {
        Assert.Null(Refusal(password, PasswordPolicy.DefaultMinLength));
    }

    public static TheoryData<string, string> Bad => new()
    {
        { "", "has 0 characters; at least 15 are needed" },
        { "seven lanterns", "has 14 characters; at least 15 are needed" },
        { "😀😁😂🤣😃😄😅😆😉😊😋😎😍😘", "has 14 characters; at least 15 are needed" },
        { "seven quiet\0lanterns", "contains a NUL character" },
        { "seven quiet\nlanterns", "contains a line break" },
        { new string('a', 15), "is a repeated piece of text" },
        { "abcabcabcabcabcabc", "is a repeated piece of text" },
        { "abcabcabcabcabcab", "is a repeated piece of text" },
        { "password1password1", "is a repeated piece of text" },
        { "日本日本日本日本日本日本日本日本", "is a repeated piece of text" },
        { "abcdefghijklmnop", "is a simple sequence" },
        { "ABCDEFGHijklmnop", "is a simple sequence" },
        { "zyxwvutsrqponmlk", "is a simple sequence" },
        { "xyzabcdefghijklm", "is a simple sequence" },
        { "012345678901234", "is a simple sequence" },
        { "12345678abcdefgh", "is a simple sequence" },
        { "098765432109876", "is a simple sequence" },
        { "9876543210zyxwvu", "is a simple sequence" },
        { "0987654321qwertyuiop", "is a simple sequence" },
        { "5432109876asdfghjkl", "is a simple sequence" },
        { "abcd1234wxyz9876", "is a simple sequence" },
        { "qwertyuiopasdfghjkl", "is a simple sequence" },
        { "qwertzuiopyxcvbnm", "is a simple sequence" },
        { "1qaz2wsx3edc4rfv", "is a simple sequence" },
        { "!@#$%^&*()_+poiuytrewq", "is a simple sequence" },
        { "administrator-1234", "is built around the user name" },
        { "Administrator2026!", "is built around the user name" },
        { "ADMINISTRATORaaaaaaaaaaa", "is built around the user name" },
        { "administrator12345678", "is built around the user name" },
        { "xadministratoradministratory", "is built around the user name" },
        { new string('a', 73), "has 73 bytes in UTF-8, and bcrypt uses at most 72" },
        { new string('日', 25), "has 75 bytes in UTF-8, and bcrypt uses at most 72" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_password_is_refused_for_one_clear_reason_and_never_repeated(string password, string reason)
    {
        var refusal = Refusal(password, PasswordPolicy.DefaultMinLength)!;

        Assert.Equal(FailureKind.PasswordRejected, refusal.Kind);
        Assert.StartsWith($"The password for 'administrator' {reason}", refusal.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", refusal.Message, StringComparison.Ordinal);
        if (password.Length > 0)
            Assert.DoesNotContain(password, refusal.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        // Not in the list: a test's arguments cannot carry it.
        foreach (var half in new[] { "\uD83D", "\uDE00" })
        {
            Assert.Contains("contains an unpaired surrogate", Refusal(
                $"seven quiet{half} lanterns", PasswordPolicy.DefaultMinLength)!.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a", "seven quiet a lantern", null)]
    [InlineData("seven quiet lanterns", "Seven Quiet Lanterns", "is built around the user name")]
    [InlineData("al", "al-al1al2al3al4al5", null)]
    [InlineData("alexander", "alexanderkx7wq2mz", null)]
    [InlineData("bob", "bob's seven lanterns", null)]
    [InlineData("bob", "--bob-x-bob-bob-", "is built around the user name")]
    [InlineData("Zoë-Anne-Marie", "zoë-anne-marie!", "is built around the user name")]
    public void A_password_may_contain_the_user_name_but_not_consist_of_it(
        string username, string password, string? reason)
    {
        var refusal = Refusal(password, PasswordPolicy.DefaultMinLength, username);

        Assert.Equal(reason is not null, refusal is not null);
        Assert.Contains(reason ?? "", refusal?.Message ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("PassWord")]
    [InlineData("iloveyou")]
    [InlineData("securepassword")]
    [InlineData("Correct Horse Battery Staple")]
    public void A_common_password_is_refused_even_if_it_is_long_enough(string password)
    {
        Assert.Contains("is on the list of common passwords",
            Refusal(password, PasswordPolicy.LowestMinLength)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(64)]
    public void The_length_is_counted_in_characters(int least)
    {
        const string text = "It was a bright cold day in April, and the clocks were striking thirteen.";

        Assert.Null(Refusal(text[..least], least));
        Assert.Contains(
            $"at least {least} are needed", Refusal(text[..(least - 1)], least)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData("", 15)]
    [InlineData("8", 8)]
    [InlineData("20", 20)]
    [InlineData("72", 72)]
    public void The_environment_can_change_the_minimum_length(string? setting, int least)
    {
        _environment.Set(PasswordPolicy.MinLengthVariable, setting);
        var policy = PasswordPolicy.FromEnvironment();
        const string text = "It was a bright cold day in April, and the clocks were striking thirteen";

        policy.Check(Store.Secure(text[..least]), "user");
        Assert.Throws<PgEdgeUsersException>(() => policy.Check(Store.Secure(text[..(least - 1)]), "user"));
    }

    [Theory]
    [InlineData("7")]
    [InlineData("0")]
    [InlineData("-15")]
    [InlineData("73")]
    [InlineData("99999999999")]
    [InlineData("15.0")]
    [InlineData("1e1")]
    [InlineData(" 15")]
    [InlineData("0x20")]
    [InlineData("fifteen")]
    [InlineData("١٥")]
    public void An_invalid_minimum_length_in_the_environment_is_named(string setting)
    {
        _environment.Set(PasswordPolicy.MinLengthVariable, setting);

        var failure = Assert.Throws<PgEdgeUsersException>(PasswordPolicy.FromEnvironment);

        Assert.Equal(FailureKind.InvalidConfiguration, failure.Kind);
        Assert.Contains(PasswordPolicy.MinLengthVariable, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_password_passes()
    {
        for (var i = 0; i < 20; i++)
            new PasswordPolicy(PasswordPolicy.DefaultMinLength).Check(PasswordGenerator.Create(), "administrator");
    }

    private static PgEdgeUsersException? Refusal(string password, int minLength, string username = "administrator")
    {
        try
        {
            new PasswordPolicy(minLength).Check(Store.Secure(password), username);
            return null;
        }
        catch (PgEdgeUsersException refusal)
        {
            return refusal;
        }
    }
}
