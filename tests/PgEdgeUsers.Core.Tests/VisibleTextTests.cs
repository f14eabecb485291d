namespace PgEdgeUsers.Core.Tests;

public sealed class VisibleTextTests
{
    public static TheoryData<string, string> Texts => new()
    {
        { "", "" },
        { "plain text ~", "plain text ~" },
        { "日本語 é 😀 عربي", "日本語 é 😀 عربي" },
        { "a\u00A0b\u3000c", "a\u00A0b\u3000c" },
        { "\u001b[31mred\u001b[0m", "\\u{1B}[31mred\\u{1B}[0m" },
        { "a\nb\r\tc\0", "a\\u{A}b\\u{D}\\u{9}c\\u{0}" },
        { "\u0085\u2028\u2029", "\\u{85}\\u{2028}\\u{2029}" },
        { "x\u202Ey\u2066z\u200E", "x\\u{202E}y\\u{2066}z\\u{200E}" },
        { "a\u200Bb\u00ADc\uFEFF", "a\\u{200B}b\\u{AD}c\\u{FEFF}" },
        { "\uE000\uFFFF\uFFFE", "\\u{E000}\\u{FFFF}\\u{FFFE}" },
        { "\U000E0041\U0010FFFF", "\\u{E0041}\\u{10FFFF}" },
        { "\u009b31m", "\\u{9B}31m" },
        { "long " + "日\u001b", "long 日\\u{1B}" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Characters_that_control_a_terminal_or_reorder_a_line_are_made_visible(string text, string visible)
    {
        Assert.Equal(visible, VisibleText.Of(text));
        Assert.Equal(visible, VisibleText.Of(visible));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_made_visible()
    {
        Assert.Equal("a\\u{D83D}b", VisibleText.Of("a\uD83Db"));
        Assert.Equal("\\u{DE00}\\u{D83D}", VisibleText.Of("\uDE00\uD83D"));
    }

    [Fact]
    public void A_message_shows_only_the_beginning_of_a_long_text()
    {
        Assert.Equal(new string('x', 80), VisibleText.BeginningOf(new string('x', 80)));
        Assert.Equal(new string('x', 80) + "…", VisibleText.BeginningOf(new string('x', 1_000_000)));
        Assert.Equal("\\u{1B}", VisibleText.BeginningOf("\u001b"));
        Assert.Equal(new string('x', 79) + "…", VisibleText.BeginningOf(new string('x', 79) + "😀"));
    }

    [Fact]
    public void A_text_without_such_characters_is_returned_as_the_same_object()
    {
        var text = new string('x', 3);

        Assert.Same(text, VisibleText.Of(text));
    }
}
