using PgEdgeUsers.Core.Yaml;

namespace PgEdgeUsers.Core.Tests.Yaml;

public sealed class TextEditTests
{
    [Fact]
    public void Edits_in_any_order_are_made_at_once_and_all_else_stays() => Assert.Equal(
        "0ab3-6789!",
        TextEdit.Apply("0123456789", [TextEdit.Insert(10, "!"), new(new Span(4, 6), "-"), new(new Span(1, 3), "ab")]));

    [Fact]
    public void Edits_may_touch_and_insertions_at_one_position_keep_their_order() => Assert.Equal(
        "xyAB34",
        TextEdit.Apply("01234",
            [new(new Span(1, 3), "B"), TextEdit.Insert(0, "x"), TextEdit.Insert(0, "y"), new(new Span(0, 1), "A")]));

    [Fact]
    public void No_edits_leave_the_text_unchanged() => Assert.Equal("text", TextEdit.Apply("text", []));

    [Theory]
    [InlineData(0, 3, 2, 4)]
    [InlineData(2, 4, 2, 4)]
    [InlineData(0, 4, 1, 2)]
    [InlineData(1, 3, 2, 2)]
    public void Edits_that_overlap_are_a_bug(int start, int end, int otherStart, int otherEnd) =>
        Assert.Throws<ArgumentException>(
        () => TextEdit.Apply("01234", [new(new Span(start, end), "x"), new(new Span(otherStart, otherEnd), "y")]));

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3, 6)]
    [InlineData(6, 6)]
    [InlineData(3, 2)]
    public void Edits_outside_of_the_text_are_a_bug(int start, int end) =>
        Assert.Throws<ArgumentException>(() => TextEdit.Apply("01234", [new(new Span(start, end), "x")]));
}
