using PgEdgeUsers.Core.Storage;

namespace PgEdgeUsers.Core.Tests.Storage;

public sealed class FileContentTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, "", true)]
    [InlineData(1, "", true)]
    [InlineData(100_000, "", true)]
    [InlineData(200_000, "", true)]
    [InlineData(100_000, "x", false)]
    [InlineData(0, "x", false)]
    public void A_file_is_compared_byte_by_byte_whatever_its_size(int length, string more, bool isEqual)
    {
        var content = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        using var file = FileContent.Open(_folder.Write(content + more))!;

        Assert.Equal(isEqual, FileContent.IsEqual(file, System.Text.Encoding.ASCII.GetBytes(content)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    [InlineData(99_999)]
    public void A_single_different_byte_is_noticed(int position)
    {
        var bytes = new byte[100_000];
        using var file = FileContent.Open(_folder.Write(System.Text.Encoding.ASCII.GetString(bytes)))!;
        bytes[position] = 1;

        Assert.False(FileContent.IsEqual(file, bytes));
    }

    [Fact]
    public void No_more_is_read_than_the_file_has()
    {
        using var file = FileContent.Open(_folder.Write("abc"))!;

        Assert.Equal("ab"u8, FileContent.Read(file, 2));
        Assert.Equal("abc"u8, FileContent.Read(file, 5));
    }

    [Fact]
    public void The_time_of_the_last_change_is_read_exactly()
    {
        var time = new DateTime(2025, 1, 2, 3, 4, 5, DateTimeKind.Utc).AddTicks(1234567);
        var path = _folder.Write("");
        File.SetLastWriteTimeUtc(path, time);

        Assert.Equal(time, FileStatus.Of(path)!.ModifiedUtc);
    }
}
