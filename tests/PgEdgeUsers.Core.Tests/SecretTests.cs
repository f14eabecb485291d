namespace PgEdgeUsers.Core.Tests;

/// <summary>Nothing of a disposed secret stays in memory, even if the buffer is still referenced.</summary>
public sealed class SecretTests
{
    [Theory]
    [InlineData("a passing secret")]
    [InlineData("日本語😀")]
    [InlineData("")]
    public void A_text_is_overwritten_on_disposal(string secret)
    {
        var text = SecretText.From(Store.Secure(secret));
        var value = text.Value;
        Assert.True(value == secret, "It is not the text.");

        text.Dispose();

        Assert.Equal(secret.Length, value.Length);
        Assert.True(value.All(c => c == '\0'), "Some of it is left.");
    }

    [Fact]
    public void Bytes_are_overwritten_on_disposal()
    {
        var bytes = new SecretBytes(capacity: 16);
        "passing"u8.CopyTo(bytes.Free.Span);
        bytes.Advance("passing".Length);
        " secret"u8.CopyTo(bytes.Free.Span);
        bytes.Advance(" secret".Length);
        var content = bytes.Content;
        Assert.True(content.Span.SequenceEqual("passing secret"u8), "They are not the bytes.");

        bytes.Dispose();

        Assert.True(content.Span.IndexOfAnyExcept((byte)0) < 0, "Some of them are left.");
        Assert.Equal(0, bytes.Length);
    }

    [Fact]
    public void A_secret_is_not_shown()
    {
        using var text = SecretText.From(Store.Secure("a passing secret"));
        using var bytes = new SecretBytes(capacity: 16);

        Assert.Equal(("(secret)", "(secret)"), ($"{text}", $"{bytes}"));
    }
}
