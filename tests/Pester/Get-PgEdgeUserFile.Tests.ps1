BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-PgEdgeUserFile' {
    BeforeEach {
        $file = New-UserFile
        # Windows has no modes.
        $mode, $owner = $IsWindows ? ('', (Get-Acl $file).Owner) : ('0600', (Get-Item $file).User)
    }

    It 'returns what is known of a file' {
        $result = Get-PgEdgeUserFile $file

        $result.PSTypeNames[0] | Should -BeExactly PgEdgeUsers.PgEdgeUserFile
        $result.Path, $result.Reason, $result.Exists, $result.Users, $result.Mode, $result.Owner |
            Should -BeExactly $file, 'the parameter Path', $true, 3, $mode, $owner
    }

    It 'returns a file that does not exist as one' {
        $result = Get-PgEdgeUserFile (Join-Path (Split-Path $file) no.yaml)

        $result.Path, $result.Exists, $result.Users, $result.Mode, $result.Owner |
            Should -BeExactly (Join-Path (Split-Path $file) no.yaml), $false, 0, '', ''
    }

    It 'returns a file that the server would refuse without a number of users, and warns with the reason' {
        Edit-UserFile $file '        enabled' "`tenabled"

        $result = Get-PgEdgeUserFile $file -WarningVariable warnings

        $result.Exists, $result.Users, $result.Mode, $result.Owner | Should -BeExactly $true, $null, $mode, $owner
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*line 8: there is a tab in the indentation. Indent with spaces.*'
        Test-Untouched $file | Should -BeTrue
    }

    It 'takes <Input> from the pipeline' -ForEach @(
        @{ Input = 'a path'; Command = { $file } }
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'an object with a path'; Command = { [pscustomobject]@{ Path = $file; Password = 'x' } } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        "$(& $Command | Get-PgEdgeUserFile)" | Should -BeExactly $file
    }

    It 'takes <Input> as an argument' -ForEach @(
        @{ Input = 'what Get-Item returns'; Command = { Get-Item $file } }
        @{ Input = 'what Get-PgEdgeUserFile returns'; Command = { Get-PgEdgeUserFile $file } }
        @{ Input = 'a FileInfo that has no PSPath'; Command = { [System.IO.FileInfo]::new($file) } }
    ) {
        (Get-PgEdgeUserFile (& $Command)).Path | Should -BeExactly $file
    }

    It 'does not take a user as the path of a file' {
        { Get-PgEdgeUserFile (Get-PgEdgeUser alice -Path $file) } |
            Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'returns several files' {
        $empty = New-UserFile
        Set-UserFile $empty "users: {}`n"

        ($file, $empty | Get-PgEdgeUserFile).Users | Should -Be 3, 0
    }

    Context 'without a path' {
        BeforeAll {
            # A server's program on the PATH, with a configuration next to it.
            function New-Server([string] $Configuration) {
                $folder = [System.IO.Directory]::CreateDirectory((Join-Path $TestDrive ([guid]::NewGuid()))).FullName
                Set-Content (Join-Path $folder ($IsWindows ? 'pgedge-postgres-mcp.exe' : 'pgedge-postgres-mcp')) program
                if ($Configuration) {
                    Set-Content (Join-Path $folder pgedge-postgres-mcp.yaml) $Configuration
                }
                $env:PATH = $folder + [System.IO.Path]::PathSeparator + $env:PATH
                $folder
            }

            # A server of this machine comes first.
            $hasServer = Test-Path /etc/pgedge
        }

        BeforeEach {
            $path, $location = $env:PATH, (Get-Location)
        }

        AfterEach {
            $env:PATH, $env:PGEDGE_AUTH_USER_FILE = $path, (Join-Path $TestDrive 'no/default.yaml')
            Set-Location $location
        }

        It 'takes a relative path in the environment from the current location' {
            Set-Location (Split-Path $file)
            $env:PGEDGE_AUTH_USER_FILE = 'users.yaml'

            (Get-PgEdgeUserFile).Path | Should -BeExactly $file

            Set-Location Variable:
            (Get-PgEdgeUserFile).Path | Should -BeExactly $file
        }

        It 'uses the file of the server''s configuration' -Skip:$hasServer {
            $env:PGEDGE_AUTH_USER_FILE = $null
            $null = New-Server "http: {auth: {user_file: '$file'}}"

            $result = Invoke-Script { Get-PgEdgeUserFile }

            $result.Output.Path, $result.Output.Users | Should -BeExactly $file, 3
            $result.Warnings | Should -BeNullOrEmpty
        }

        It 'uses the server''s default and warns once if the server ignores its configuration: <What>' -ForEach @(
            @{ What = 'a duplicate key'; Line = 2; Lines = 'databases: []' * 2 }
            @{ What = 'a number in quotes'; Line = 2; Lines = "llm: {max_tokens: '9'}" }
            @{ What = 'a tab'; Line = 2; Lines = "`tllm: {}" }
            @{ What = 'no YAML'; Line = 2; Lines = 'llm: [' }
        ) -Skip:$hasServer {
            $env:PGEDGE_AUTH_USER_FILE = $null
            $folder = New-Server (@("http: {auth: {user_file: '$file'}}") + $Lines -join "`n")
            $configuration, $default = (Join-Path $folder pgedge-postgres-mcp.yaml),
                (Join-Path $folder pgedge-postgres-mcp-users.yaml)
            Copy-Item $file $default

            $result = Invoke-Script { 1..2 | ForEach-Object { [pscustomobject]@{ Name = 'alice' } } | Get-PgEdgeUser }

            $result.Output.Path | Select-Object -Unique | Should -BeExactly $default
            $result.Warnings | Should -HaveCount 1
            "$($result.Warnings)" | Should -BeLike "*'$configuration'*line *'$default'*"
        }

        It 'names both files if a server appears and the own file has users' -Skip:(-not $IsLinux -or $hasServer) {
            $own = Join-Path $TestDrive 'settings/pgedge/pgedge-postgres-mcp-users.yaml'
            $null = New-Item (Split-Path $own) -ItemType Directory
            Copy-Item $file $own
            $environment = @{ XDG_CONFIG_HOME = (Join-Path $TestDrive settings); PGEDGE_AUTH_USER_FILE = $null }
            $script = '$file = Get-PgEdgeUserFile -WarningVariable warnings -WarningAction Ignore; $file.Path; ' +
                '$warnings | ForEach-Object Message'
            Invoke-Shell $script -Environment $environment | Should -BeExactly $own

            $folder = New-Server
            $result = Invoke-Shell $script -Environment $environment

            $result | Should -HaveCount 2
            $result[0] | Should -BeExactly (Join-Path $folder pgedge-postgres-mcp-users.yaml)
            $result[1] | Should -BeLike "*'$($result[0])'*'$own'*"
        }
    }
}
