using System.Management.Automation;
using System.Net;
using PgEdgeUsers.Host.Terminal;

namespace PgEdgeUsers.Host.Tests;

public class SecretReaderTests
{
    [Theory]
    [InlineData("secret<Enter>", "secret")]
    [InlineData("secrex<Backspace>t<Enter>", "secret")]
    [InlineData("a🙂<Backspace>b<Enter>", "ab")]
    [InlineData("wrong<^U>right<Enter>", "right")]
    [InlineData("<Backspace>a<Left><Tab><Enter>", "a")]
    [InlineData("<Enter>", "")]
    public void What_is_typed_is_read_and_nothing_of_it_is_shown(string typed, string expected)
    {
        var screen = new Screen(80, Press.Parse(typed));

        using var secret = new SecretReader(screen).Read("Password: ");

        Assert.Equal(expected, new NetworkCredential("", secret).Password);
        Assert.Equal("Password: " + Environment.NewLine, screen.Written);
    }

    [Theory]
    [InlineData("<^D>")]
    [InlineData("abc<EndOfInput>")]
    public void The_end_of_the_input_is_no_secret(string typed) =>
        Assert.Null(new SecretReader(new Screen(80, Press.Parse(typed))).Read("Password: "));

    [Fact]
    public void Control_C_stops_the_command_that_asks() =>
        Assert.Throws<PipelineStoppedException>(
            () => new SecretReader(new Screen(80, Press.Parse("abc<^C>"))).Read("Password: "));
}
