using System.Collections.ObjectModel;
using System.Management.Automation;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host.Tests;

public class LineEditorTests
{
    public static TheoryData<string, string> Edits => new()
    {
        { "abc", "abc" },
        { "abc<Left><Left>X", "aXbc" },
        { "abc<Home>X<End>Y", "XabcY" },
        { "abc<^A>X<^E>Y", "XabcY" },
        { "abc<Left><Backspace>", "ac" },
        { "abc<Home><Delete>", "bc" },
        { "abc<Home><^D>", "bc" },
        { "abc<Home><Backspace><Left><Left>X", "Xabc" },
        { "abc<Delete><Right>X", "abcX" },
        { "abc def<Left><Left><^U>", "ef" },
        { "abc def<Left><Left><^K>", "abc d" },
        { "abc def  <^W>x", "abc x" },
        { "<^W>x", "x" },
        { "a🙂<Backspace>b", "ab" },
        { "e\u0301x<Left><Left>y", "ye\u0301x" },
        { "abc<^L>d", "abcd" },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void The_line_read_is_the_line_edited(string typed, string expected) =>
        Assert.Equal(expected, new LineEditor(new Screen(80, Keys(typed + "<Enter>"))).ReadLine("> "));

    [Fact]
    public void A_line_that_wraps_is_drawn_and_edited_over_its_rows()
    {
        var screen = new Screen(10, Keys("123456789012345<Home>X<End><Backspace><Enter>"));

        Assert.Equal("X12345678901234", new LineEditor(screen).ReadLine("PS> "));

        Assert.Equal(
            [
                "PS> 123456/789012345 1,9",
                "PS> 123456/789012345 0,4",
                "PS> X12345/6789012345/ 0,5",
                "PS> X12345/6789012345/ 2,0",
                "PS> X12345/678901234 1,9",
            ],
            screen.Seen[15..]);
        Assert.Equal(["PS> X12345", "678901234", ""], screen.Rows);
    }

    [Fact]
    public void A_wide_character_that_does_not_fit_goes_to_the_next_row()
    {
        var screen = new Screen(5, Keys("漢字<Left><Enter>"));

        new LineEditor(screen).ReadLine("> ");

        Assert.Equal("> 漢/字 1,2", screen.Seen[2]);
        Assert.Equal("> 漢/字 0,4", screen.Seen[3]);
    }

    [Fact]
    public void Colours_of_the_prompt_take_no_cells()
    {
        var screen = new Screen(10, Keys("a<Enter>"));

        new LineEditor(screen).ReadLine("\e[32;1m> \e[0m");

        Assert.Equal("> a 0,3", screen.Seen[1]);
    }

    [Fact]
    public void The_arrows_bring_earlier_lines_back_and_then_the_line_begun()
    {
        var history = new LineHistory();
        Assert.Equal("first", Read("first<Enter>"));
        Assert.Equal("second", Read("second<Enter>"));
        Assert.Equal("second", Read("second<Enter>"));
        Assert.Equal("first", Read("<Up><Up><Enter>"));
        Assert.Equal("begun", Read("begun<Up><Up><Down><Down><Down><Enter>"));
        Assert.Equal("first!", Read("<Up><Up><Up><Up><Up>!<Enter>"));

        string? Read(string typed) => new LineEditor(new Screen(80, Keys(typed)), history).ReadLine("> ");
    }

    [Theory]
    [InlineData("Get-<Tab><Enter>", "Get-One")]
    [InlineData("Get-<Tab><Tab><Enter>", "Get-Two")]
    [InlineData("Get-<Tab><Tab><Tab><Enter>", "Get-One")]
    [InlineData("Get-<Tab><ShiftTab><Enter>", "Get-Two")]
    [InlineData("Get-<Tab> x<Enter>", "Get-One x")]
    public void Tab_goes_through_the_completions(string typed, string expected)
    {
        var asked = 0;
        var editor = new LineEditor(new Screen(80, Keys(typed)), complete: (text, cursor) =>
        {
            asked++;
            Assert.Equal(("Get-", 4), (text, cursor));
            return new CommandCompletion(new Collection<CompletionResult>([new("Get-One"), new("Get-Two")]), -1, 0, 4);
        });

        Assert.Equal(expected, editor.ReadLine("> "));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("<^D>")]
    [InlineData("<EndOfInput>")]
    [InlineData("abc<EndOfInput>")]
    public void The_end_of_the_input_is_no_line(string typed) =>
        Assert.Null(new LineEditor(new Screen(80, Keys(typed))).ReadLine("> "));

    [Fact]
    public void Control_C_drops_the_line() =>
        Assert.Throws<PipelineStoppedException>(() => new LineEditor(new Screen(80, Keys("abc<^C>"))).ReadLine("> "));

    private static ConsoleKeyInfo[] Keys(string typed) => Press.Parse(typed);
}
