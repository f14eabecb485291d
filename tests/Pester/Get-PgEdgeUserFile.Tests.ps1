BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Get-PgEdgeUserFile' {
    BeforeEach {
        $file = New-UserFile
        # What Windows has neither of is empty.
        $mode, $owner = $IsWindows ? ('', '') : ('0600', (Get-Item $file).User)
    }

    It 'returns what is known of a file' {
        $result = Get-PgEdgeUserFile $file

        $result.PSTypeNames[0] | Should -BeExactly PgEdgeUsers.PgEdgeUserFile
        $result.Path, $result.Reason, $result.Exists, $result.Users, $result.Mode, $result.Owner | Should -BeExactly $file, 'the parameter Path', $true, 3, $mode, $owner
    }

    It 'returns a file that does not exist as one' {
        $result = Get-PgEdgeUserFile (Join-Path (Split-Path $file) no.yaml)

        $result.Path, $result.Exists, $result.Users, $result.Mode, $result.Owner | Should -BeExactly (Join-Path (Split-Path $file) no.yaml), $false, 0, '', ''
    }

    It 'returns a file that the server would refuse without a number of users, and warns with the reason' {
        Edit-UserFile $file '        enabled' "`tenabled"

        $result = Get-PgEdgeUserFile $file -WarningVariable warnings

        $result.Exists, $result.Users, $result.Mode, $result.Owner | Should -BeExactly $true, $null, $mode, $owner
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*line 8: a tab stands where the indentation is. Indent with spaces.*'
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
        { Get-PgEdgeUserFile (Get-PgEdgeUser alice -Path $file) } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'returns several files' {
        $empty = New-UserFile
        Set-UserFile $empty "users: {}`n"

        ($file, $empty | Get-PgEdgeUserFile).Users | Should -Be 3, 0
    }
}
