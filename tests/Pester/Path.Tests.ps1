# Which user file a cmdlet uses: the one that -Path names, or the one that the server uses on this machine.

BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe '-Path' {
    BeforeEach {
        $file = New-UserFile
        $folder = Split-Path $file
        Push-Location $folder
    }

    AfterEach {
        Pop-Location
    }

    It 'is resolved by the session: <_>' -ForEach @(
        { Get-PgEdgeUser alice -Path users.yaml }
        { Get-PgEdgeUser alice -Path ./sub/../users.yaml }
        { Get-PgEdgeUser alice -Path "Microsoft.PowerShell.Core\FileSystem::$file" }
        { Get-PgEdgeUser alice -Path "FileSystem::$file" }
        { Get-PgEdgeUser alice -Path ([System.IO.FileInfo]::new($file)) }
        { Get-PgEdgeUser alice -Path (Get-Item $file) }
        { $null = New-PSDrive store FileSystem $folder; Get-PgEdgeUser alice -Path store:/users.yaml }
        { $null = New-PSDrive store FileSystem $folder; Set-Location store:/; Get-PgEdgeUser alice -Path users.yaml }
    ) {
        (& $_).Path | Should -BeExactly $file
    }

    It 'may begin with ~' {
        $provider = Get-PSProvider FileSystem
        $before = $provider.Home
        try {
            $provider.Home = $folder
            (Get-PgEdgeUser alice -Path ~/users.yaml).Path | Should -BeExactly $file
        }
        finally {
            $provider.Home = $before
        }
    }

    It 'is literal' {
        $odd = New-UserFile ($IsWindows ? 'users[1].yaml' : 'users[1] *.yaml')
        Push-Location (Split-Path $odd)

        Disable-PgEdgeUser alice -Path "./$(Split-Path $odd -Leaf)"

        Pop-Location
        Get-Field $odd alice enabled | Should -Be false
    }

    It 'of <_> is not one of a file' -ForEach @(
        'env:HOME', 'Variable:file', 'nodrive:/users.yaml', 'NoProvider::/users.yaml', 'http://example.com/users.yaml'
        '.', './'
    ) {
        foreach ($command in @(
                { Get-PgEdgeUser -Path $_ }
                { New-PgEdgeUser dora -Path $_ }
                { Disable-PgEdgeUser alice -Path $_ }
            )) {
            $errors = (Invoke-Script $command).Errors

            $errors.FullyQualifiedErrorId | Should -BeLike 'InvalidUserFilePath,*'
            "$errors" | Should -BeLike "*$($_.TrimEnd('.', '/'))*"
        }
    }

    It 'that the system does not accept is an error of ours: <Case>' -ForEach @(
        @{ Case = 'a NUL character'; Path = { "users`0.yaml" } }
        @{ Case = 'too long'; Path = { 'x' * 5000 } }
        @{ Case = 'below a file'; Path = { "$file/users.yaml" } }
    ) {
        $users = & $Path
        foreach ($command in { Get-PgEdgeUser -Path $users }, { Disable-PgEdgeUser alice -Path $users }) {
            (Invoke-Script $command).Errors.FullyQualifiedErrorId |
                Should -Match '^(InvalidUserFilePath|UserFileNotFound|UserFileWriteFailed),PgEdgeUsers'
        }
    }

    It 'of a file that does not exist is an error that says where the file was expected: <_>' -ForEach @(
        { Get-PgEdgeUser -Path ./no.yaml }
        { Get-PgEdgeUser x* -Path ./no.yaml }
        { Set-PgEdgeUser alice -Annotation x -Path ./no.yaml }
        { Enable-PgEdgeUser alice -Path ./no.yaml }
        { Disable-PgEdgeUser alice -Path ./no.yaml }
        { Remove-PgEdgeUser alice -Confirm:$false -Path ./no.yaml }
        { New-PgEdgeSession (New-Login alice) -Path ./no.yaml }
        { Repair-PgEdgeUserFile -Path ./no.yaml }
    ) {
        $result = Invoke-Script $_

        $result.Failures | Should -BeExactly "UserFileNotFound: $(Join-Path $folder no.yaml)"
        "$($result.Errors)" | Should -BeLike "*'$(Join-Path $folder no.yaml)'*"
        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'ends the pipeline if its file fails' {
        (Invoke-Script { 'alice', 'bob' | Get-PgEdgeUser -Path no.yaml }).Errors | Should -HaveCount 1
        Set-UserFile $file "users: [a]`n"
        (Invoke-Script { 'alice', 'bob' | Disable-PgEdgeUser -Path $file }).Failures |
            Should -BeExactly "UserFileInvalid: $file"
    }

    It 'of a link is the file that it leads to, and the link stays' {
        $link = New-Item link.yaml -ItemType SymbolicLink -Target users.yaml

        (Disable-PgEdgeUser alice -Path ./link.yaml -PassThru).Username | Should -Be alice

        $link.LinkTarget | Should -Be users.yaml
        Get-Field $file alice enabled | Should -Be false
    }

    It 'of a file that others can read is used with a warning, and the next change restricts it' -Skip:$IsWindows {
        chmod 644 $file

        $warnings = (Invoke-Script { Get-PgEdgeUser -Path $file }).Warnings
        Disable-PgEdgeUser alice -Path $file

        $warnings | Should -HaveCount 1
        $warnings | Should -BeLike '*mode 0644*'
        (Get-Item $file).UnixMode | Should -Be '-rw-------'
        (Invoke-Script { Get-PgEdgeUser -Path $file }).Warnings | Should -BeNullOrEmpty
    }

    It 'is named by -Verbose, with the reason' {
        (Invoke-Script { Get-PgEdgeUser -Path $file -Verbose }).Verbose |
            Should -BeExactly "Using the user file '$file': the parameter Path."
    }
}

Describe 'Without -Path' {
    BeforeEach {
        $file = New-UserFile
        $folder = Split-Path $file
    }

    It 'the file of PGEDGE_AUTH_USER_FILE is used' {
        $before, $env:PGEDGE_AUTH_USER_FILE = $env:PGEDGE_AUTH_USER_FILE, $file
        try {
            (Get-PgEdgeUser).Path | Should -BeExactly $file, $file, $file
            (Get-PgEdgeUserFile).Reason | Should -BeExactly 'the environment variable PGEDGE_AUTH_USER_FILE'
        }
        finally {
            $env:PGEDGE_AUTH_USER_FILE = $before
        }
    }

    Context 'on a machine without a server' {
        BeforeAll {
            # In a home of its own; if a server is installed after all, nothing is done to its file.
            function Invoke-ShellWithoutServer([string] $Script, [string] $Settings) {
                $own = Join-Path $Settings pgedge/pgedge-postgres-mcp-users.yaml
                $check = "if ((Get-PgEdgeUserFile).Path -ne '$own') { throw 'Another file would be used.' }"
                Invoke-Shell "$check`n$Script" -Environment @{
                    PATH = $folder; HOME = $folder; XDG_CONFIG_HOME = $Settings; APPDATA = $Settings
                    PGEDGE_AUTH_USER_FILE = $null
                }
            }
        }

        It 'the first user creates the file and folder of this account, for this account only' {
            $expected = Join-Path $folder pgedge/pgedge-postgres-mcp-users.yaml

            Invoke-ShellWithoutServer -Settings $folder @"
`$password = [System.Net.NetworkCredential]::new('', '$($Passwords.new)').SecurePassword
(New-PgEdgeUser dora -Password `$password).Path
"`$(Get-PgEdgeUser)"
"@ | Should -BeExactly $expected, dora

            if (-not $IsWindows) {
                (Get-Item $expected).UnixMode, (Get-Item (Split-Path $expected)).UnixMode |
                    Should -Be '-rw-------', 'drwx------'
            }
        }

        It 'a folder that cannot be created is an error that says so' -Skip:(-not $IsLinux) {
            # Not even root creates a folder in /sys.
            Invoke-ShellWithoutServer -Settings /sys @'
try { New-PgEdgeUser dora -GeneratePassword } catch { "$($_.FullyQualifiedErrorId) $($_.CategoryInfo.Category): $_" }
'@ | Should -BeLike ('UserFileAccessDenied,* PermissionDenied: ' +
                "Access to the user file '/sys/pgedge/*' or its folder is denied: *")
        }
    }
}
